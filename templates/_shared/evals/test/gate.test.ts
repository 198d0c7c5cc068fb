import { describe, expect, it } from 'vitest'
import { hashJson } from '#kit/console/hash-json'
import { type Baseline, createBaseline } from '#kit/evals/baseline'
import { decideGate, skipGate } from '#kit/evals/gate'
import { computeMcnemar, countCasesNeeded } from '#kit/evals/mcnemar'
import type { CaseResult, EvalRun } from '#kit/evals/report'
import { summariseCases } from '#kit/evals/summary'

const HEURISTIC = { name: 'heuristic', model: 'heuristic', deterministic: true }
const SCRIPTED = { name: 'openai-compatible', model: 'scripted', deterministic: false }

function result(id: string, outcome: CaseResult['outcome'], changes: Partial<CaseResult> = {}): CaseResult {
  return {
    ...{
      id,
      caseHash: hashJson(id),
      critical: false,
      tags: [],
      outcome,
      output: '',
      latencyMs: 1,
      grades: [],
    },
    ...{
      score: outcome === 'error' ? null : Number(outcome === 'pass'),
      error: outcome === 'error' ? 'boom' : null,
    },
    usage: { inputTokens: 1, outputTokens: 1, costUsd: 0 },
    ...changes,
  }
}

/** Case number i has the outcome of letter i: p(ass), f(ail), e(rror). */
function runOf(letters: string, provider = HEURISTIC): EvalRun {
  const outcomes = { p: 'pass', f: 'fail', e: 'error' } as const
  const cases = [...letters].map((letter, i) =>
    result(`c${i}`, letter === 'p' || letter === 'f' ? outcomes[letter] : 'error'),
  )
  return runWith(cases, provider)
}

function runWith(cases: CaseResult[], provider = HEURISTIC): EvalRun {
  return {
    ...{ schema: 'eval-report.v1', name: 'x', startedAt: '2026-01-02T03:04:05.000Z', durationMs: 1 },
    ...{ commit: null, dirty: null, provider, cases, summary: summariseCases(cases) },
    hashes: { cases: hashJson('c'), graders: hashJson('g'), prompts: hashJson('p'), harness: hashJson('h') },
  }
}

const baseline = (letters: string, provider = HEURISTIC): Baseline => createBaseline(runOf(letters, provider))

describe('with a deterministic provider', () => {
  it('passes when no case is lost', () => {
    expect(decideGate(runOf('ppf'), baseline('ppf'))).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
      lost: [],
    })
  })

  it('is a regression when one case of many is lost, whatever was gained', () => {
    const gate = decideGate(runOf('fppppppppp'), baseline('pfffffffff'))
    expect(gate).toMatchObject({
      verdict: 'regression',
      exitCode: 1,
      lost: ['c0'],
      delta: { passed: 8, paired: 10 },
    })
    expect(gate.gained).toHaveLength(9)
    expect(gate.reasons[0]).toContain('c0')
  })

  it('without a baseline says so, and names the command that makes one', () => {
    const gate = decideGate(runOf('pp'), null)
    expect(gate).toMatchObject({
      verdict: 'no-baseline',
      exitCode: 4,
      baseline: null,
      unblessed: ['c0', 'c1'],
    })
    expect(gate.reasons.join()).toContain('npm run eval:bless -- --reason "why"')
  })

  it('cannot run without a baseline and with errors: the errors come first', () => {
    const { verdict, reasons } = decideGate(runOf('pe'), null)
    expect({ verdict, first: reasons[0] }).toEqual({
      verdict: 'cannot-run',
      first: 'c1 could not be answered or graded: boom',
    })
  })

  it.each([
    ['every case passes', 'ppp', ['every case that passed in the baseline still passes']],
    ['the baseline knows two failures', 'pff', ['no new failures (2 known)']],
    ['a new case fails too', 'pfff', ['no new failures (2 known)', 'failing and not yet blessed: c3']],
  ])('says about rows that fail what the baseline knows of them, where %s', (_name, now, reasons) => {
    const before = now === 'ppp' ? 'ppp' : 'pff'
    expect(decideGate(runOf(now), baseline(before))).toMatchObject({ verdict: 'pass', reasons })
  })

  it('names the arguments that mean this suite, quoted for a shell', () => {
    const blessArgs = ['--target', "../my bot's"]
    const { reasons } = decideGate(runOf('f'), baseline('p'), { blessArgs })
    expect(reasons).toEqual([
      `c0 passed in the baseline and fails now; if that is meant: npm run eval:bless -- --target '../my bot'\\''s' --reason "why"`,
    ])
  })
})

describe('many cases that are gone, changed or new', () => {
  const many = 'p'.repeat(90)
  const edited = (run: EvalRun) => ({
    ...run,
    cases: run.cases.map((one) => ({ ...one, caseHash: hashJson('edited') })),
  })

  it('are one line with their number, the command that lists them and the one that accepts them', () => {
    const gone = decideGate(runOf('p'), baseline(`p${many}`))
    expect(gone).toMatchObject({ verdict: 'cannot-run', exitCode: 4 })
    expect(gone.reasons).toEqual([
      '90 cases are in the baseline and no longer in the cases (to list them: npm run eval -- --list); if that is meant: npm run eval:bless -- --reason "why"',
    ])
    const { reasons } = decideGate(edited(runOf(many)), baseline(many))
    expect(reasons).toEqual([expect.stringMatching(/^90 cases were changed since the baseline \(to list/)])
    const { notes } = decideGate(runOf(`p${many}`), baseline('p'))
    expect(notes).toEqual(['90 cases are new and not yet blessed (to list them: npm run eval -- --list)'])
  })

  it('are each named with --list, and where they are few', () => {
    const gone = decideGate(runOf('p'), baseline(`p${many}`), { list: true })
    expect(gone.reasons).toHaveLength(90)
    expect(gone.reasons[89]).toMatch(/^c90 is in the baseline and no longer in the cases; if that is meant: /)
    expect(decideGate(runOf(`p${many}`), baseline('p'), { list: true }).notes).toHaveLength(90)
    expect(decideGate(runOf('p'), baseline('pppp')).reasons).toHaveLength(3)
  })

  it('are listed for the target that was run', () => {
    const { reasons } = decideGate(runOf('p'), baseline(`p${many}`), { blessArgs: ['--target', '../bot'] })
    expect(reasons[0]).toContain('npm run eval -- --target ../bot --list')
  })
})

describe('with recorded answers of a model', () => {
  const decide = (now: string, before: string) =>
    decideGate(runOf(now, SCRIPTED), baseline(before, SCRIPTED), { isReplay: true })

  it('one lost case is a regression, since chance takes no part', () => {
    expect(decide(`f${'p'.repeat(19)}`, 'p'.repeat(20))).toMatchObject({ verdict: 'regression', exitCode: 1 })
    expect(decide('pf', 'pf')).toMatchObject({ verdict: 'pass' })
  })

  it('passes once it is blessed, even where a critical case fails: nothing changed', () => {
    const run = runWith([result('c0', 'fail', { critical: true }), result('c1', 'pass')], SCRIPTED)
    expect(decideGate(run, createBaseline(run), { isReplay: true })).toMatchObject({ verdict: 'pass' })
  })
})

describe('with a real model', () => {
  const decide = (now: string, before: string) => decideGate(runOf(now, SCRIPTED), baseline(before, SCRIPTED))
  const all = 'p'.repeat(20)

  it('is inconclusive with 5 lost of 20, and says how many cases would settle it', () => {
    const gate = decide('f'.repeat(5) + 'p'.repeat(15), all)
    expect(gate).toMatchObject({ verdict: 'inconclusive', exitCode: 3 })
    expect(gate.reasons[0]).toMatch(
      /5 lost, 0 gained of 20 paired cases: exact McNemar p = 0\.063.*about 22 cases/,
    )
  })

  it('is a regression with 6 lost of 20', () => {
    expect(decide('f'.repeat(6) + 'p'.repeat(14), all)).toMatchObject({ verdict: 'regression', exitCode: 1 })
  })

  it.each([
    ['chance may explain it', 5, ['lost: c0, c1, c2, c3, c4']],
    ['it cannot', 10, ['lost: c0, c1, c2, c3, c4, c5, c6, c7', 'lost: c8, c9']],
  ])('names every lost case where %s', (_name, lost, lines) => {
    const { reasons } = decide('f'.repeat(lost) + 'p'.repeat(20 - lost), all)
    expect(reasons.slice(1)).toEqual(lines)
  })

  it('names the other lost cases along with a critical one', () => {
    const cases = [result('c0', 'fail', { critical: true }), result('c1', 'fail')]
    const gate = decideGate(runWith(cases, SCRIPTED), baseline('pp', SCRIPTED))
    expect(gate.reasons).toEqual(['critical case c0 fails', 'lost: c0, c1'])
  })

  it.each([
    ['as many gained as lost', 'fpp', 'pfp'],
    ['nothing changed', 'ppf', 'ppf'],
  ])('passes when %s', (_name, now, before) => {
    expect(decide(now, before)).toMatchObject({ verdict: 'pass', exitCode: 0 })
  })

  it('is a regression when a critical case fails, even one that failed before', () => {
    const cases = [result('c0', 'fail', { critical: true }), result('c1', 'pass')]
    const gate = decideGate(runWith(cases, SCRIPTED), baseline('fp', SCRIPTED))
    expect(gate).toMatchObject({ verdict: 'regression', reasons: ['critical case c0 fails'] })
  })

  it('counts the known failures of a pass, and what was lost in it', () => {
    const { reasons } = decide('ppff', 'fpfp')
    expect(reasons).toEqual([
      '1 lost, 1 gained of 4 paired cases: no net loss, exact McNemar p = 1.0',
      'new failures: 1 (1 known)',
    ])
  })

  it('without its own baseline has no verdict, but shows the delta to the deterministic one', () => {
    const gate = decideGate(runOf('pp', SCRIPTED), null, { reference: baseline('pf') })
    expect(gate).toMatchObject({
      ...{ verdict: 'no-baseline', exitCode: 4, gained: ['c1'], unblessed: ['c0', 'c1'] },
      baseline: { provider: 'heuristic', passed: 1, total: 2, meanScore: 0.5 },
      delta: { paired: 2, passed: 1, meanScore: 0.5 },
    })
    expect(gate.reasons.join()).toContain('npm run eval:bless')
  })
})

describe.each([HEURISTIC, SCRIPTED])('whatever the provider ($name)', (provider) => {
  const others = [result('c1', 'pass'), result('c2', 'pass')]
  const faults: [name: string, run: EvalRun][] = [
    ['no case', runOf('', provider)],
    ['an errored case', runOf('ppe', provider)],
    [
      'a score that is not a number',
      runWith([result('c0', 'pass', { score: Number.NaN }), ...others], provider),
    ],
    ['a pass without a score', runWith([result('c0', 'pass', { score: null }), ...others], provider)],
    ['another model', runOf('ppp', { ...provider, model: 'another' })],
    ['another provider', runOf('ppp', { ...provider, name: 'another' })],
    ['a removed case', runOf('pp', provider)],
    ['a changed case', runWith([result('c0', 'pass', { caseHash: hashJson('new') }), ...others], provider)],
  ]

  it.each(faults)('%s cannot run, and is never a pass', (_name, run) => {
    const gate = decideGate(run, baseline('ppp', provider))
    expect(gate).toMatchObject({ verdict: 'cannot-run', exitCode: 4 })
    expect(gate.reasons).not.toEqual([])
    expect(Number.isNaN(gate.delta?.meanScore)).toBe(false)
  })

  it('does not compare a changed case with what it was', () => {
    const cases = [result('c0', 'fail', { caseHash: hashJson('new') }), ...others]
    const gate = decideGate(runWith(cases, provider), baseline('ppp', provider))
    expect(gate).toMatchObject({ lost: [], delta: { paired: 2, passed: 0, meanScore: 0 } })
  })

  it('lists a new case as not yet blessed, and does not fail for it', () => {
    const gate = decideGate(runOf('ppf', provider), baseline('pp', provider))
    expect(gate).toMatchObject({
      verdict: 'pass',
      unblessed: ['c2'],
      notes: ['c2 is new and not yet blessed'],
    })
  })

  it('mentions changed prompts, graders and harness, and decides nothing by them', () => {
    const before = baseline('pp', provider)
    const changed = {
      ...before,
      hashes: { ...before.hashes, prompts: hashJson('old'), harness: hashJson('old') },
    }
    expect(decideGate(runOf('pp', provider), changed)).toMatchObject({
      verdict: 'pass',
      notes: ['prompts changed since the baseline', 'harness changed since the baseline'],
    })
  })
})

describe('skipGate', () => {
  it('says so, and still counts errors', () => {
    expect(skipGate(runOf('pf'), 'some cases')).toMatchObject({ verdict: 'not-gated', exitCode: 0 })
    expect(skipGate(runOf('pe'), 'some cases')).toMatchObject({ verdict: 'cannot-run', exitCode: 4 })
  })
})

describe('computeMcnemar', () => {
  it.each([
    [0, 6, 0.03125],
    [0, 5, 0.0625],
    [0, 3, 0.25],
    [1, 8, 0.0390625],
    [4, 4, 1],
    [0, 0, 1],
  ])('%i gained and %i lost gives p = %d', (gained, lost, p) => {
    expect(computeMcnemar(gained, lost)).toBeCloseTo(p, 10)
    expect(computeMcnemar(lost, gained)).toBeCloseTo(p, 10)
  })

  it('does not underflow with thousands of changed cases', () => {
    expect(computeMcnemar(2000, 2000)).toBeCloseTo(1, 6)
    expect(computeMcnemar(1900, 2100)).toBeCloseTo(0.00166, 4)
  })
})

describe('countCasesNeeded', () => {
  it('finds the smallest number of cases at which the seen rates would be significant', () => {
    const needed = countCasesNeeded({ gained: 0, lost: 3, paired: 20 })
    expect(needed).toBe(37) // 37 cases: 5.55 lost, rounded to 6; 36 cases: 5.4, rounded to 5
  })

  it('has no answer when as many were gained as lost', () => {
    expect(countCasesNeeded({ gained: 2, lost: 2, paired: 20 })).toBeNull()
  })
})
