import type { JSONSchema7 } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ConfigError } from '#kit/console/errors'
import { SCHEMAS } from '../evals/cases.ts'
import { readFields } from '../src/fields.ts'
import { buildRequestSchema } from '../src/request-schema.ts'
import { schema } from '../src/schema.ts'
import { order } from './order.ts'

const schemas = { ...SCHEMAS, 'src/schema.ts': schema, order }

describe.each(Object.entries(schemas))('the schema that a model is sent for %s', (_, one) => {
  const wire = buildRequestSchema(readFields(one))
  const all = nodesOf(wire)

  it('is closed: every key is required and no other is allowed, as strict modes want it', () => {
    const objects = all.filter(({ type }) => type === 'object')
    expect(objects.length).toBeGreaterThan(1)
    for (const { properties = {}, required, additionalProperties } of objects) {
      expect(required).toEqual(Object.keys(properties))
      expect(additionalProperties).toBe(false)
    }
  })

  it('uses only what every provider takes: no unions, formats, patterns or limits', () => {
    const keys = new Set(all.flatMap((node) => Object.keys(node)))
    expect([...keys].filter((key) => !ALLOWED.includes(key))).toEqual([])
  })
})

const ALLOWED = ['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'description']

function nodesOf(node: JSONSchema7 | boolean | undefined): JSONSchema7[] {
  if (typeof node !== 'object') return []
  const items = Array.isArray(node.items) ? node.items : [node.items]
  return [node, ...[...Object.values(node.properties ?? {}), ...items].flatMap(nodesOf)]
}

describe('a schema that cannot be asked for reliably', () => {
  it.each([
    [
      'optional()',
      z.object({ customer: z.object({ name: z.string().optional() }) }),
      'customer.name uses .optional()',
      '.nullable()',
    ],
    ['nullish()', z.object({ a: z.string().nullish() }), 'a uses .optional()', '.nullable()'],
    [
      'default()',
      z.object({ rows: z.array(z.object({ n: z.number().default(1) })) }),
      'rows[].n uses .default()',
      '.nullable()',
    ],
    ['a Date', z.object({ at: z.date() }), 'at is a Date', 'z.iso.date()'],
    [
      'a record',
      z.object({ map: z.record(z.string(), z.string()) }),
      'map is of zod type "record"',
      'use objects',
    ],
    ['a number among choices', z.object({ level: z.literal([1, 2]) }), 'level has the choice 1', 'strings'],
  ])('is refused with the field and what to write instead: %s', (_, one, what, instead) => {
    expect(() => readFields(one)).toThrow(what)
    const error = catchError(() => readFields(one))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error instanceof ConfigError && error.hint).toContain(instead)
  })
})

function catchError(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
