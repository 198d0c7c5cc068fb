import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ConfigError } from '#kit/console/errors'
import { readFields } from '../src/fields.ts'

const TREE: z.ZodObject = z.object({
  name: z.string(),
  get parts() {
    return z.array(TREE)
  },
})

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
    ['one that leads back to itself', TREE, 'parts[] leads back to itself', 'write out the levels'],
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
