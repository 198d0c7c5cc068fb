import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { openLlm } from '#kit/llm/model'
import { type Reply, startModelServer } from '#kit/testing/model-server'
import { createExtractor } from '../../../src/extractor.ts'
import { readFields } from '../../../src/fields.ts'
import { buildRequestSchema } from '../../../src/request-schema.ts'
import { order, orderAnswer, orderData, orderText } from '../../../test/order.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(...replies: Reply[]) {
  const server = await startModelServer((_, index) => replies[Math.min(index, replies.length - 1)] ?? '')
  closing.push(server.close)
  return server
}

const root = readFields(order)
const good = JSON.stringify(orderAnswer)

async function extract(env: Env) {
  const llm = await openLlm({ env, tasks: {}, policy: { maxRetries: 0 } })
  const document = { name: 'order.eml', text: orderText }
  return { extraction: await createExtractor(llm, root, 'zero-shot').extract(document) }
}

describe('every wire format is sent the schema by its own means', () => {
  const sent = z.looseObject({
    output_config: z
      .looseObject({ format: z.looseObject({ type: z.string(), schema: z.unknown() }) })
      .optional(),
    text: z
      .looseObject({ format: z.looseObject({ type: z.string(), strict: z.boolean(), schema: z.unknown() }) })
      .optional(),
    response_format: z
      .looseObject({
        type: z.string(),
        json_schema: z.looseObject({ schema: z.unknown(), strict: z.boolean().optional() }),
      })
      .optional(),
  })

  it.each(['anthropic', 'openai', 'openai-compatible'] as const)('%s', async (provider) => {
    const { env, requests } = await serve(good)
    const { extraction } = await extract(env[provider])
    expect(extraction).toMatchObject({
      schema: 'extraction.v1',
      data: orderData,
      issues: [],
      provider: { name: provider },
    })
    expect(extraction.usage).toMatchObject({ calls: 1, inputTokens: 100, outputTokens: 10 })
    const body = sent.parse(requests[0]?.body)
    const format = body.output_config?.format ?? body.text?.format ?? body.response_format
    const schemaSent =
      body.output_config?.format.schema ??
      body.text?.format.schema ??
      body.response_format?.json_schema.schema
    expect(format?.type).toBe('json_schema')
    expect(schemaSent).toMatchObject({
      type: 'object',
      required: Object.keys(order.shape),
      additionalProperties: false,
      properties: { priority: { items: { properties: { value: { enum: ['low', 'normal', 'high'] } } } } },
    })
    if (provider === 'openai') expect(body.text?.format.strict).toBe(true)
  })

  it('and a compatible server that ignores it finds it in the instructions', async () => {
    const { env, requests } = await serve(good)
    await extract(env['openai-compatible'])
    const { messages } = z
      .looseObject({ messages: z.array(z.looseObject({ role: z.string(), content: z.string() })) })
      .parse(requests[0]?.body)
    expect(messages[0]?.content).toContain(JSON.stringify(buildRequestSchema(root)))
  })

  it('and one that refuses it is asked for plain JSON, then for text, and not again for what it refused', async () => {
    const refuses = { status: 400, message: "'response_format.type' json_schema is not supported" }
    const { env, requests } = await serve(
      refuses,
      { ...refuses, message: 'json_object is unknown' },
      'no JSON',
      good,
    )
    const { extraction } = await extract(env['openai-compatible'])
    expect(extraction.data).toEqual(orderData)
    const formats = requests.map(
      ({ body }) => z.looseObject({ type: z.string() }).optional().parse(body['response_format'])?.type,
    )
    expect(formats).toEqual(['json_schema', 'json_object', undefined, undefined])
  })

  it('and another error of the server stays an error', async () => {
    const { env, requests } = await serve({ status: 400, message: 'context length exceeded' })
    await expect(extract(env['openai-compatible'])).rejects.toThrow('context length exceeded')
    expect(requests).toHaveLength(1)
  })
})
