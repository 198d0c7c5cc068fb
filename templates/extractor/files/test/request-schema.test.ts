import type { JSONSchema7 } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { isRecord } from '#kit/console/json'
import { type Field, isLeaf, type Leaf } from '#kit/fields/field'
import { createRandom, type Random, SEED } from '#kit/testing/random'
import { readFields } from '../src/fields.ts'
import { buildRequestSchema } from '../src/request-schema.ts'
import { schema } from '../src/schema.ts'
import { order } from './order.ts'

const build = (shape: z.core.$ZodShape) => buildRequestSchema(readFields(z.object(shape)))

const close = (properties: Record<string, JSONSchema7>): JSONSchema7 => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})
const list = (value: JSONSchema7): JSONSchema7 => ({
  type: 'array',
  items: close({ quote: { type: 'string' }, value }),
})

describe('the schema that a model fills in', () => {
  it('has a list of quote and value in place of a value, the quote first', () => {
    const wire = build({ title: z.string() })
    expect(wire).toEqual(close({ title: list({ type: 'string' }) }))
    // toEqual is content with any order of keys; a model is not.
    expect(JSON.stringify(wire)).toMatch(/"quote".*"value"/)
  })

  it('gives each value its type, and every format the type string', () => {
    const wire = build({
      level: z.enum(['low', 'high']),
      weight: z.number().positive(),
      pieces: z.int().nullable(),
      express: z.boolean(),
      mail: z.email(),
    })
    expect(Object.values(wire.properties ?? {})).toMatchObject([
      list({ type: 'string', enum: ['low', 'high'] }),
      list({ type: 'number' }),
      list({ type: 'integer' }),
      list({ type: 'boolean' }),
      list({ type: 'string' }),
    ])
  })

  it('describes a field in your words, with the form of its values in brackets', () => {
    const { properties = {} } = build({
      due: z.iso.date().describe('due'),
      day: z.iso.date(),
      name: z.string().describe('who does it'),
      note: z.string(),
      owner: z.object({ name: z.string() }).describe('owner'),
    })
    const described = Object.entries(properties).map(([name, node]) => [
      name,
      typeof node === 'object' && node !== null && 'description' in node ? node.description : 'none',
    ])
    expect(Object.fromEntries(described)).toEqual({
      due: 'due (YYYY-MM-DD)',
      day: '(YYYY-MM-DD)',
      name: 'who does it',
      note: 'none',
      owner: 'owner',
    })
  })

  it('lists the rows of a list, and does not wrap a list of plain values in another', () => {
    const rows = z.array(z.object({ task: z.string() }))
    expect(build({ rows, tags: z.array(z.string()) })).toEqual(
      close({
        rows: { type: 'array', items: close({ task: list({ type: 'string' }) }) },
        tags: list({ type: 'string' }),
      }),
    )
  })

  it.each(Object.entries({ 'src/schema.ts': schema, order }))(
    'uses only what every provider takes: no unions, formats, patterns or limits, for %s',
    (_, one) => {
      const keys = new Set(
        listNodes(buildRequestSchema(readFields(one))).flatMap((node) => Object.keys(node)),
      )
      expect([...keys].filter((key) => !ALLOWED.includes(key))).toEqual([])
    },
  )

  it(`takes every right answer, and none with a key too many or too few (seed ${SEED})`, () => {
    const random = createRandom()
    for (let round = 0; round < 150; round++) {
      const root = readFields(generateObject(random, 3))
      const wire = buildRequestSchema(root)
      const answer = generateAnswer(root, random)
      const shown = JSON.stringify({ wire, answer })
      expect(findMismatch(wire, answer), shown).toBe('')
      damage(answer, random)
      expect(findMismatch(wire, answer), shown).not.toBe('')
    }
  })
})

const ALLOWED = ['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'description']

function listNodes(node: JSONSchema7 | boolean | undefined): JSONSchema7[] {
  if (typeof node !== 'object') return []
  const items = Array.isArray(node.items) ? node.items : [node.items]
  return [node, ...[...Object.values(node.properties ?? {}), ...items].flatMap(listNodes)]
}

function generateObject(random: Random, depth: number): z.ZodObject {
  const fields = Array.from({ length: random.whole(1, 4) }, (_, index) => [
    `field${index}`,
    generateType(random, depth - 1),
  ])
  return z.object(Object.fromEntries(fields))
}

type Kind = 'string' | 'number' | 'integer' | 'boolean' | 'enum' | 'date' | 'list' | 'object'

function generateType(random: Random, depth: number): z.ZodType {
  const kind = random.pick<Kind>(['string', 'number', 'integer', 'boolean', 'enum', 'date', 'list', 'object'])
  if (kind === 'list') return z.array(depth > 0 ? generateType(random, 0) : z.string())
  if (kind === 'object') return depth > 0 ? generateObject(random, depth) : z.string()
  const types = {
    string: z.string(),
    number: z.number(),
    integer: z.int(),
    boolean: z.boolean(),
    enum: z.enum(['one', 'two']),
    date: z.iso.date(),
  }
  return types[kind]
}

/** An answer as the prompt asks for it. */
function generateAnswer(field: Field, random: Random): unknown {
  if (field.kind === 'object')
    return Object.fromEntries(field.fields.map((child) => [child.name, generateAnswer(child, random)]))
  const times = random.whole(0, 2)
  if (field.kind === 'array' && !isLeaf(field.item)) {
    const { item } = field
    return Array.from({ length: times }, () => generateAnswer(item, random))
  }
  const leaf = field.kind === 'array' ? field.item : field
  return Array.from({ length: times }, () => ({
    quote: 'words',
    value: VALUES[leaf.kind as Leaf['kind']] ?? 'x',
  }))
}

const VALUES: Partial<Record<Leaf['kind'], unknown>> = {
  enum: 'two',
  number: 1.5,
  integer: 2,
  boolean: false,
}

/** Takes a key away from one of the objects in an answer, or adds one to it. */
function damage(answer: unknown, random: Random): void {
  const objects = listRecords(answer)
  const chosen = objects[random.whole(0, objects.length - 1)] ?? {}
  const [key = ''] = Object.keys(chosen)
  if (random.pick([true, false])) delete chosen[key]
  else chosen['another'] = 'x'
}

function listRecords(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  return [...(isRecord(value) ? [value] : []), ...Object.values(value).flatMap(listRecords)]
}

/** What a strict server would say about a value; '' when it fits. Knows the keywords in ALLOWED. */
function findMismatch(node: JSONSchema7 | boolean | undefined, value: unknown, path = '$'): string {
  if (typeof node !== 'object') return `${path} has no schema`
  if (node.type === 'array') {
    if (!Array.isArray(value)) return `${path} is no list`
    const { items } = node
    if (Array.isArray(items)) return `${path} has a list of schemas`
    return value.map((item, index) => findMismatch(items, item, `${path}[${index}]`)).find(Boolean) ?? ''
  }
  if (node.type !== 'object') return findWrongType(node, value, path)
  if (!isRecord(value)) return `${path} is no object`
  const { properties = {}, required = [], additionalProperties } = node
  const lacking = required.find((key: string) => !(key in value))
  if (lacking !== undefined) return `${path} lacks ${lacking}`
  const surplus = Object.keys(value).find((key) => !(key in properties))
  if (surplus !== undefined) return additionalProperties === false ? `${path} has ${surplus}` : ''
  return (
    Object.entries(value)
      .map(([key, child]) => findMismatch(properties[key], child, `${path}.${key}`))
      .find(Boolean) ?? ''
  )
}

function findWrongType({ type, enum: choices }: JSONSchema7, value: unknown, path: string): string {
  const isRight = type === 'integer' ? Number.isInteger(value) : typeof value === type
  if (!isRight) return `${path} is not of type ${type}`
  return choices === undefined || choices.some((choice: unknown) => choice === value)
    ? ''
    : `${path} is no choice`
}
