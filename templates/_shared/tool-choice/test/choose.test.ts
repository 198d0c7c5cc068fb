import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { chooseTool, composeQuestion, type ToolDescription } from '#kit/tool-choice/choose'

const tool = (name: string, description: string, input: z.ZodType): ToolDescription => ({
  name,
  description,
  inputSchema: z.toJSONSchema(input, { io: 'input' }),
})

/** The tools of a shop, a domain about which the rules know nothing. */
const tools = [
  tool(
    'find_orders',
    'Lists the orders of one customer, newest first.',
    z.strictObject({
      customer: z.string(),
      limit: z.int().min(1).max(50).default(10),
      status: z.enum(['open', 'shipped', 'returned']).optional(),
    }),
  ),
  tool(
    'refund_order',
    'Pays an amount back for an order.',
    z.strictObject({
      order: z.string(),
      amount: z.number().positive(),
      notify: z.boolean().optional(),
    }),
  ),
  tool(
    'stock_level',
    'How many pieces of an article are in a warehouse.',
    z.strictObject({
      article: z.string(),
      warehouse: z.enum(['north', 'south']),
    }),
  ),
  tool(
    'send_message',
    'Sends a message to a customer by mail.',
    z.strictObject({
      customer: z.string(),
      subject: z.string(),
      body: z.string(),
    }),
  ),
  tool(
    'shipping_price',
    'Computes what it costs to ship a parcel.',
    z.strictObject({
      weight: z.number(),
      country: z.string().nullable(),
    }),
  ),
]
const choose = (request: string) => chooseTool(request, tools)

describe('a request', () => {
  it.each([
    ['List the orders of customer "Ada"', 'find_orders', { customer: 'Ada' }],
    [
      'Show the shipped orders of "Ada", limit 5',
      'find_orders',
      { customer: 'Ada', status: 'shipped', limit: 5 },
    ],
    ['Refund order "A-17", amount 12.50', 'refund_order', { order: 'A-17', amount: 12.5 }],
    ['refund 8 for order “B-2” and notify', 'refund_order', { order: 'B-2', amount: 8, notify: true }],
    [
      'refund 8 for order "B-2" but do not notify',
      'refund_order',
      { order: 'B-2', amount: 8, notify: false },
    ],
    [
      'How many pieces of article `X1` are in the south warehouse?',
      'stock_level',
      { article: 'X1', warehouse: 'south' },
    ],
    [
      "What's the stock of 'X1' in the north warehouse?",
      'stock_level',
      { article: 'X1', warehouse: 'north' },
    ],
    [
      'Send customer "Ada" a message with subject "Hello" and body "It is on its way."',
      'send_message',
      { customer: 'Ada', subject: 'Hello', body: 'It is on its way.' },
    ],
    [
      'Send a message "Ada" "Hello" "It is on its way."',
      'send_message',
      { customer: 'Ada', subject: 'Hello', body: 'It is on its way.' },
    ],
    ['Compute the shipping price of a weight of 2.5', 'shipping_price', { weight: 2.5, country: null }],
  ])('%s', (request, tool, input) => {
    expect(choose(request)).toMatchObject({ kind: 'call', tool, input })
  })

  it.each([
    ['Refund order "A-17"', 'refund_order', ['amount']],
    ['List the orders', 'find_orders', ['customer']],
    ['Send a message to customer "Ada"', 'send_message', ['subject', 'body']],
    ['How many pieces of article "X1"?', 'stock_level', ['warehouse']],
  ])('that leaves something open is asked about: %s', (request, tool, missing) => {
    const choice = choose(request)
    expect(choice).toMatchObject({ kind: 'ask', tool, missing })
    if (choice.kind === 'ask') expect(composeQuestion(choice)).toContain(missing[0])
  })

  it.each([
    'What is the capital of France?',
    'Write a poem about the sea',
    'Translate this page into German',
    'Who won the match last night?',
    '"refund order"',
    '',
    '12 13 14',
  ])('that is about nothing here calls nothing: %s', (request) => {
    expect(choose(request).kind).toBe('none')
  })
})

describe('an argument', () => {
  it('goes to the parameter whose name stands nearest and most', () => {
    const properties = {
      from_line: { type: 'integer' },
      max_lines: { type: 'integer' },
      path: { type: 'string' },
    }
    const tools = [{ name: 'read_file', inputSchema: { properties, required: ['path'] } }]
    const inputOf = (request: string) => {
      const choice = chooseTool(request, tools)
      return choice.kind === 'call' ? choice.input : choice
    }
    expect(inputOf('read file "a", max lines 60')).toEqual({ path: 'a', max_lines: 60 })
    expect(inputOf('read file "a" from line 5, max lines 60')).toEqual({
      path: 'a',
      max_lines: 60,
      from_line: 5,
    })
    expect(inputOf('read file "a" line 5')).toEqual({ path: 'a', from_line: 5 })
  })

  it('is never made up from words, out of bounds, or used twice', () => {
    expect(choose('List the orders of customer Ada')).toMatchObject({ kind: 'ask', missing: ['customer'] })
    expect(choose('List orders of "Ada" limit 400')).toMatchObject({ input: { customer: 'Ada' } })
    expect(choose('Send a message to "Ada" with subject "Ada"')).toMatchObject({ missing: ['body'] })
  })

  it('that looks like a date, a time, a version or an address is no number', () => {
    for (const text of ['2025-11-24', '14:05', 'v2', '10.0.0.1', 'A-17', '1/2'])
      expect(choose(`Refund order "A-17" amount ${text}`)).toMatchObject({ kind: 'ask', missing: ['amount'] })
  })

  it('is taken from a schema as other libraries write it', () => {
    const inputSchema = {
      type: 'object',
      properties: {
        names: { type: 'array', items: { type: 'string' } },
        depth: { type: ['integer', 'null'] },
        options: { type: 'object' },
      },
      required: ['names', 'depth'],
    }
    const choice = chooseTool('compare files "a" and "b"', [{ name: 'compare_files', inputSchema }])
    expect(choice).toMatchObject({ kind: 'call', input: { names: ['a', 'b'], depth: null } })
  })

  it('of a kind that rules cannot fill is asked for', () => {
    const inputSchema = { properties: { filter: { type: 'object' } }, required: ['filter'] }
    expect(chooseTool('run report', [{ name: 'run_report', inputSchema }])).toMatchObject({
      missing: ['filter'],
    })
  })
})

it('chooses nothing from no tools, and from tools that say nothing about themselves', () => {
  expect(chooseTool('list orders', [])).toEqual({ kind: 'none', score: 0 })
  expect(chooseTool('list orders', [{ name: 'x', inputSchema: null }]).kind).toBe('none')
})

it('is the same every time, whatever the order of equal tools was made of', () => {
  const twice = [tools[0], tools[0]].flatMap((one, index) =>
    one ? { ...one, name: `find_orders_${index}` } : [],
  )
  expect(chooseTool('find the orders of "Ada"', twice)).toEqual(chooseTool('find the orders of "Ada"', twice))
  expect(chooseTool('find the orders of "Ada"', twice)).toMatchObject({ tool: 'find_orders_0' })
})
