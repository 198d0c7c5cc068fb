import { expect, it, onTestFinished } from 'vitest'
import { openLlm } from '#kit/llm/model'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { SYSTEM } from '../src/prompts.ts'
import type { SummaryRequest } from '../src/request.ts'
import { summarise } from '../src/summarise.ts'
import { MAX_OUTPUT_TOKENS } from '../src/window.ts'
import { log } from './long-text.ts'

/** The requests that a model gets for one summary. It answers every one with "Nine ferries." */
async function recordRequests(request: SummaryRequest, env: Record<string, string> = {}) {
  const server = await startScriptedServer({ answer: () => ['Nine ', 'ferries.'] })
  onTestFinished(server.close)
  const llm = await openLlm({ env: { ...server.env, ...env }, tasks: {} })
  let summary = ''
  for await (const delta of summarise(llm, request)) summary += delta
  expect(summary).toBe('Nine ferries.')
  return server.requests.map(({ messages, ...rest }) => ({
    ...rest,
    system: messages[0]?.content,
    user: messages[1]?.content,
  }))
}

it('asks a model once, with the rules, the document between tags, the length and a limit', async () => {
  const text = 'The ferry leaves at nine from pier four.'
  const [request, ...more] = await recordRequests({ text, length: 'short', style: 'paragraph' })
  expect(more).toEqual([])
  expect(request).toMatchObject({ system: SYSTEM, stream: true, max_tokens: MAX_OUTPUT_TOKENS })
  expect(request?.user).toContain(`<document>\n${text}\n</document>`)
  expect(request?.user).toMatch(/about \d+ words/)
})

it('asks for notes on each part of a long text, then for a summary of the notes', async () => {
  const request: SummaryRequest = { text: log, length: 'short', style: 'tldr' }
  const requests = await recordRequests(request, { AI_CONTEXT_WINDOW: '4096' })
  const parts = requests.slice(0, -1)
  expect(parts.length).toBeGreaterThan(3)
  for (const [index, { system, user, max_tokens }] of parts.entries()) {
    expect({ system, max_tokens }).toEqual({ system: SYSTEM, max_tokens: MAX_OUTPUT_TOKENS })
    expect(user).toContain(`part ${index + 1} of ${parts.length}`)
  }
  const notes = parts.map(() => 'Nine ferries.').join('\n\n')
  expect(requests.at(-1)?.user).toContain(`<document>\n${notes}\n</document>`)
})
