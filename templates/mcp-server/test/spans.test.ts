import { expect, it } from 'vitest'
import { collectSpans, getOnlySpan } from '#kit/testing/traced'
import { called, connected, ERAS } from '../../../test/clients.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'

it.each(ERAS)('a call is a span below the one that a client of %s names in _meta', async (era) => {
  const { client } = await connected(era)
  const { spans, collector } = await collectSpans(async () => {
    await client.callTool({
      name: 'search_notes',
      arguments: { query: 'how do I roll back?' },
      _meta: { traceparent: `00-${TRACE}-${CALLER}-01` },
    })
  })
  expect(getOnlySpan(spans)).toMatchObject({
    name: 'execute_tool search_notes',
    traceId: TRACE,
    parentSpanId: CALLER,
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search_notes' },
    status: 0,
  })
  expect(collector.bodies.join('')).not.toContain('roll back')
})

it.each(['', 'nonsense', '00-0-0-01'])('a _meta.traceparent "%s" starts a new trace', async (traceparent) => {
  const { client } = await connected('2026-07-28')
  const { spans } = await collectSpans(async () => {
    await client.callTool({ name: 'list_notes', arguments: {}, _meta: { traceparent } })
    await called(client, 'read_note', { name: 'nowhere.md' })
  })
  expect(spans.map(({ name, parentSpanId, status }) => ({ name, parentSpanId, status }))).toEqual([
    { name: 'execute_tool list_notes', parentSpanId: undefined, status: 0 },
    { name: 'execute_tool read_note', parentSpanId: undefined, status: 2 },
  ])
})
