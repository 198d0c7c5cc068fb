import { describe, expect, it } from 'vitest'
import { createPicker } from '#kit/testing/random'
import { findStop } from '../src/run/budgets.ts'
import type { RunState } from '../src/run/state.ts'
import type { Limits } from '../src/settings.ts'

const LIMITS: Limits = { steps: 5, tokens: 1_000, costUsd: 1, timeMs: 60_000, identicalCalls: 3 }
const at = '2026-01-05T10:00:00.000Z'
const SEED = 15

interface Given extends Partial<Pick<RunState, 'tokens' | 'costUsd' | 'workMs'>> {
  /** The calls that each step of the model asked for, as `tool(argument)`. */
  steps?: string[][]
  /** How many of the newest calls have no result yet. */
  pending?: number
  limits?: Partial<Limits>
}

function makeState({ steps = [], pending = 0, limits, ...spent }: Given): RunState {
  const parsed = steps.map((texts, step) =>
    texts.map((text, index) => {
      const [, tool = '', x = ''] = /^(\w+)\((.*)\)$/.exec(text) ?? []
      return { id: `${step}-${index}`, tool, input: { x } }
    }),
  )
  const calls = parsed.flatMap((asked, index) => asked.map((call) => ({ ...call, step: index + 1 })))
  const firstPending = calls.length - pending
  const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 }
  return {
    started: {
      ...{ type: 'started', schema: 'agent-run.v1', at, run: 'r', goal: 'g', root: '.' },
      ...{ provider: 'p', model: 'm', limits: LIMITS, tools: [] },
    },
    ...{ resumed: [], limits: { ...LIMITS, ...limits }, stopped: undefined },
    ...{ tokens: 0, costUsd: 0, workMs: 0, ...spent },
    steps: parsed.map((asked) => ({ type: 'step', at, ms: 1, text: '', calls: asked, usage, messages: [] })),
    calls: calls.map((call, index) => ({
      ...call,
      ...(index < firstPending && {
        result: { type: 'result', at, call: call.id, outcome: 'ok', output: '', ms: 1, cut: 0 },
      }),
    })),
  }
}

/** The reason, or `go on`. */
const find = (given: Given) => findStop(makeState(given))?.reason ?? 'go on'
const look = (times: number) => Array.from({ length: times }, (_, index) => [`look(${index})`])

describe('a run', () => {
  it('is done once the model has answered without asking for a call', () => {
    expect([find({}), find({ steps: [['look(1)'], []] }), find({ steps: [['look(1)']] })]).toEqual([
      'go on',
      'done',
      'go on',
    ])
  })

  it('is not done while an earlier call has no result', () => {
    expect(find({ steps: [['look(1)'], []], pending: 1 })).toBe('go on')
  })

  it('stops when its time or its tokens have reached the limit', () => {
    expect([
      find({ workMs: 59_999, tokens: 999 }),
      find({ workMs: 60_000 }),
      find({ tokens: 1_000 }),
    ]).toEqual(['go on', 'time', 'tokens'])
  })

  it('stops when its cost has reached the limit: with a limit, and a cost that is known and above 0', () => {
    expect([
      find({ costUsd: 1 }),
      find({ costUsd: 0.99 }),
      find({ costUsd: null }),
      find({ costUsd: 9, limits: { costUsd: null } }),
      find({ costUsd: 0, limits: { costUsd: 0 } }),
    ]).toEqual(['cost', 'go on', 'go on', 'go on', 'go on'])
  })

  it('stops before the call that repeats itself once too often', () => {
    const again = ['look(1)']
    expect([
      find({ steps: [again, again], pending: 1 }),
      find({ steps: [again, again, again], pending: 1 }),
      find({ steps: [again, ['look(2)'], again, ['open(1)']], pending: 1 }),
      find({ steps: [again, again, again], pending: 0 }),
    ]).toEqual(['go on', 'identical-calls', 'go on', 'go on'])
  })

  it('stops when it has taken its steps, but makes the calls of the last one', () => {
    expect([
      find({ steps: look(4) }),
      find({ steps: look(5), pending: 1 }),
      find({ steps: look(5) }),
    ]).toEqual(['go on', 'go on', 'steps'])
  })

  it('says in one line what was found and what is allowed', () => {
    const details = [{ tokens: 1_234 }, { workMs: 61_000 }, { costUsd: 2.5 }, { steps: look(6) }].map(
      (given) => findStop(makeState(given))?.detail,
    )
    expect(details).toEqual([
      expect.stringMatching(/^.*1234.*1000.*$/),
      expect.stringMatching(/^.*61000.*60000.*$/),
      expect.stringMatching(/^.*2\.5.*1.*$/),
      expect.stringMatching(/^.*6.*5.*$/),
    ])
  })

  it(`names the first reason of the list when there are several: 500 generated states, seed ${SEED}`, () => {
    const pick = createPicker(SEED)
    for (let times = 0; times < 500; times++) {
      const calls = Array.from({ length: pick(6) }, () =>
        Array.from({ length: pick(3) }, () => `look(${pick(2)})`),
      )
      const total = calls.flat().length
      const pending = Math.min(pick(3), total)
      const given = {
        ...{ steps: calls, pending, tokens: pick(4) * 400, workMs: pick(4) * 25_000 },
        costUsd: [null, 0, 0.5, 1.5][pick(4)] ?? null,
      }
      const waiting = calls.flat().slice(total - pending)
      const count = (call: string) => calls.flat().filter((one) => one === call).length
      const holds: [reason: string, isMet: boolean][] = [
        ['done', calls.at(-1)?.length === 0 && pending === 0],
        ['time', given.workMs === 75_000],
        ['tokens', given.tokens === 1_200],
        ['cost', given.costUsd === 1.5],
        ['identical-calls', waiting.some((call) => count(call) >= 3)],
        ['steps', calls.length === 5 && pending === 0],
      ]
      const wanted = holds.find(([, isMet]) => isMet)?.[0] ?? 'go on'
      expect({ ...given, stop: find(given) }).toEqual({ ...given, stop: wanted })
    }
  })
})
