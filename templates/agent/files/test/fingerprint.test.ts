import { describe, expect, it } from 'vitest'
import { createPicker } from '#kit/testing/random'
import { approveMatching, denyAll } from '../src/approval/approve.ts'
import { toCanonicalJson } from '../src/approval/canonical.ts'
import { fingerprintCall } from '../src/approval/fingerprint.ts'

const TICKET = { title: 'Cache is gone', service: 'api', severity: 'sev3', summary: 'Two errors since ten.' }
const SEED = 16

type Random = ReturnType<typeof createPicker>

/** A value as arguments have them: texts, numbers, lists and objects in each other. */
function makeValue(pick: Random, depth: number): unknown {
  const kind = pick(depth > 0 ? 5 : 3)
  if (kind === 0) return pick(100)
  if (kind === 1) return ['', 'api', '7', 'é', 'a"b'][pick(5)]
  if (kind === 2) return [null, true, false][pick(3)]
  const items = Array.from({ length: pick(4) }, () => makeValue(pick, depth - 1))
  return kind === 3 ? items : Object.fromEntries(items.map((item) => [`key ${pick(9)}`, item]))
}

/** The same value with the keys of every object in another order. */
function shuffleKeys(value: unknown, pick: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, pick))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(
    ([key, item]) => [pick(1000), key, shuffleKeys(item, pick)] as const,
  )
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, key, item]) => [key, item]))
}

describe('canonical JSON', () => {
  it('is JSON without whitespace', () => {
    expect(['a b', 7, null, [1, [true]], { a: 1 }].map(toCanonicalJson)).toEqual([
      '"a b"',
      '7',
      'null',
      '[1,[true]]',
      '{"a":1}',
    ])
  })

  it('has the keys of every object sorted, also of those in lists and in other objects', () => {
    expect(toCanonicalJson({ b: { d: 1, c: [{ z: 1, y: 2 }] }, a: 1 })).toBe(
      '{"a":1,"b":{"c":[{"y":2,"z":1}],"d":1}}',
    )
  })

  it('keeps the order of lists, because that may matter', () => {
    expect(toCanonicalJson([3, 1, { a: [2, 1] }])).toBe('[3,1,{"a":[2,1]}]')
  })

  it('leaves no key out, also not __proto__, which an assignment would lose', () => {
    expect(toCanonicalJson(JSON.parse('{"path":"a.md","__proto__":{"x":1}}'))).toBe(
      '{"__proto__":{"x":1},"path":"a.md"}',
    )
  })
})

describe('the fingerprint of a call', () => {
  it('is the tool and 16 hex digits, whatever the order of the arguments', () => {
    const reversed = Object.fromEntries(Object.entries(TICKET).reverse())
    const fingerprint = fingerprintCall({ tool: 'file_ticket', input: TICKET })
    expect(fingerprint).toMatch(/^file_ticket#[\da-f]{16}$/)
    expect(fingerprintCall({ tool: 'file_ticket', input: reversed })).toBe(fingerprint)
  })

  it('is another one for another tool, and for arguments that differ by a letter, a type or a key', () => {
    const inputs = [
      TICKET,
      { ...TICKET, title: 'Cache is gonE' },
      { ...TICKET, extra: '' },
      {},
      { x: 1 },
      { x: '1' },
    ]
    const calls = [
      ...inputs.map((input) => ({ tool: 'file_ticket', input })),
      { tool: 'page', input: TICKET },
    ]
    const digits = calls.map((call) => fingerprintCall(call).split('#')[1])
    expect(new Set(digits).size).toBe(calls.length)
  })

  it('approves this call and no other when a person names it', async () => {
    const { signal } = new AbortController()
    const approval = fingerprintCall({ tool: 'file_ticket', input: TICKET })
    const decide = async (tool: string, input: Record<string, string>) => {
      const request = { tool, input, approval: fingerprintCall({ tool, input }) }
      return (await approveMatching([approval], denyAll)(request, signal))?.decision
    }
    expect([
      await decide('file_ticket', TICKET),
      await decide('file_ticket', { ...TICKET, severity: 'sev1' }),
      await decide('page_on_call', TICKET),
    ]).toEqual(['approved', 'denied', 'denied'])
  })

  it(`is one for equal arguments, and never one for two different ones: 300 generated, seed ${SEED}`, () => {
    const pick = createPicker(SEED)
    const texts = new Map<string, string>()
    for (let times = 0; times < 300; times++) {
      const input = makeValue(pick, 3)
      const shuffled = shuffleKeys(input, pick)
      const text = toCanonicalJson(input)
      expect(JSON.parse(text)).toEqual(input)
      expect(toCanonicalJson(shuffled)).toBe(text)
      const fingerprint = fingerprintCall({ tool: 't', input })
      expect(fingerprintCall({ tool: 't', input: shuffled })).toBe(fingerprint)
      expect(texts.get(fingerprint) ?? text).toBe(text)
      texts.set(fingerprint, text)
    }
  })
})
