import { quoteShellWord } from '#kit/console/shell'
import type { Baseline } from './baseline.ts'
import { type CaseResult, type EvalRun, type Gate, meanScore, roundScore } from './report.ts'

const EXIT_CODES = { pass: 0, regression: 1, inconclusive: 3, 'cannot-run': 4, 'not-gated': 0 } as const

type Decision = Pick<Gate, 'verdict' | 'reasons'>

/**
 * What a run means against the committed baseline of its own provider and model.
 * Deterministic provider: any lost case is a regression, without statistics.
 * Real model: critical cases must pass, then exact McNemar on the paired cases.
 * Whatever makes the comparison unsound (errors, removed or changed cases, another model) is `cannot-run`, never a pass.
 * `reference`, the deterministic provider's baseline, is only shown, and only for a model that has none of its own.
 */
export function decideGate(
  run: EvalRun,
  baseline: Baseline | null,
  { reference = null, blessArgs = [] }: { reference?: Baseline | null; blessArgs?: readonly string[] } = {},
): Gate {
  const shown = baseline ?? reference
  const changes = compareWithBaseline(run, shown?.cases ?? [])
  const { gained, lost, delta } = changes
  const bless = ['npm run eval:bless --', ...blessArgs.map(quoteShellWord), '--reason "why"'].join(' ')
  const { verdict, reasons } = decide(run, baseline, changes, bless)
  const unblessed = baseline === null ? run.cases.map(({ id }) => id) : changes.unblessed
  const notes = baseline === null ? [] : notesOn(run, baseline, unblessed)
  if (shown !== baseline) notes.push(`compared with the baseline of ${shown?.provider.name}, for information`)
  const totals = shown && totalsOf(shown)
  return {
    verdict,
    exitCode: EXIT_CODES[verdict],
    reasons,
    notes,
    gained,
    lost,
    unblessed,
    baseline: totals,
    delta,
  }
}

/** For a run of some of the cases: its errors count, but it is held to no baseline. */
export function notGated(run: EvalRun, reason: string): Gate {
  const faults = faultsOf(run)
  const verdict = faults.length > 0 ? 'cannot-run' : 'not-gated'
  const nothing = { notes: [], gained: [], lost: [], unblessed: [], baseline: null, delta: null }
  return { verdict, exitCode: EXIT_CODES[verdict], reasons: [...faults, reason], ...nothing }
}

function decide(run: EvalRun, baseline: Baseline | null, changes: Changes, bless: string): Decision {
  const unsound = [...faultsOf(run), ...mismatches(run, baseline, changes, bless)]
  if (unsound.length > 0) return { verdict: 'cannot-run', reasons: unsound }
  return run.provider.deterministic ? decideExactly(changes, bless) : decideStatistically(run, changes)
}

function decideExactly({ lost }: Changes, bless: string): Decision {
  const reasons = lost.map((id) => `${id} passed in the baseline and fails now; if that is meant: ${bless}`)
  if (reasons.length > 0) return { verdict: 'regression', reasons }
  return { verdict: 'pass', reasons: ['every case that passed in the baseline still passes'] }
}

function decideStatistically(run: EvalRun, { gained, lost, delta }: Changes): Decision {
  const critical = run.cases.filter((result) => result.critical && result.outcome === 'fail')
  if (critical.length > 0) {
    const reasons = critical.map(({ id }) => `critical case ${id} fails`)
    return { verdict: 'regression', reasons: [...reasons, ...namesOf(lost)] }
  }
  const paired = delta?.paired ?? 0
  const seen = `${lost.length} lost, ${gained.length} gained of ${paired} paired cases`
  if (lost.length <= gained.length) return { verdict: 'pass', reasons: [`${seen}: no net loss`] }

  const p = mcnemarExact(gained.length, lost.length)
  const test = `exact McNemar p = ${p.toPrecision(2)}`
  if (p < 0.05) return { verdict: 'regression', reasons: [`${seen}: ${test}`, ...namesOf(lost)] }
  const needed = casesNeeded({ gained: gained.length, lost: lost.length, paired })
  const advice = needed ? `about ${needed} cases at these rates would` : 'more cases would hardly'
  const maybe = `${seen}: ${test}, which may be chance; ${advice} settle it`
  return { verdict: 'inconclusive', reasons: [maybe, ...namesOf(lost)] }
}

const NAMES_A_LINE = 8

/** Every one, in lines that are short enough to be printed whole. */
function namesOf(lost: readonly string[]): string[] {
  const starts = lost.flatMap((_id, index) => (index % NAMES_A_LINE === 0 ? [index] : []))
  return starts.map((start) => `lost: ${lost.slice(start, start + NAMES_A_LINE).join(', ')}`)
}

/** What is wrong with the run itself. */
function faultsOf(run: EvalRun): string[] {
  if (run.cases.length === 0) return ['no case was run']
  return run.cases.flatMap((result) => {
    if (result.outcome === 'error') return [`${result.id} could not be answered or graded: ${result.error}`]
    return isScored(result) ? [] : [`${result.id} has the score ${result.score}, which is not in 0..1`]
  })
}

/** Why this baseline cannot speak about this run. */
function mismatches(
  run: EvalRun,
  baseline: Baseline | null,
  { removed, changed }: Changes,
  bless: string,
): string[] {
  const ifMeant = `if that is meant: ${bless}`
  const { name, model } = run.provider
  if (baseline === null) {
    return [`no baseline of ${name} yet; to make this run it: ${bless}`]
  }
  if (baseline.provider.name !== name || baseline.provider.model !== model) {
    const other = `${baseline.provider.name} / ${baseline.provider.model}`
    return [`the baseline is of ${other}, this run of ${name} / ${model}; ${ifMeant}`]
  }
  return [
    ...removed.map((id) => `${id} is in the baseline and no longer in the cases; ${ifMeant}`),
    ...changed.map((id) => `${id} was changed since the baseline; ${ifMeant}`),
  ]
}

function notesOn(run: EvalRun, baseline: Baseline, unblessed: readonly string[]): string[] {
  const parts = ['graders', 'prompts', 'harness'] as const
  const changed = parts.filter((part) => run.hashes[part] !== baseline.hashes[part])
  return [
    ...unblessed.map((id) => `${id} is new and not yet blessed`),
    ...changed.map((part) => `${part} changed since the baseline`),
  ]
}

function totalsOf({ provider, cases }: Baseline): Gate['baseline'] {
  const passed = cases.filter(({ outcome }) => outcome === 'pass').length
  const { name, model } = provider
  return { provider: name, model, passed, total: cases.length, meanScore: meanScore(cases) ?? 0 }
}

interface Changes extends Pick<Gate, 'gained' | 'lost' | 'unblessed' | 'delta'> {
  /** In the baseline, not in the run. */
  removed: string[]
  /** In both under one id, but the case itself is another. */
  changed: string[]
}

/** Pairs a run's cases with the baseline's, by id and content. Errored cases are in no pair. */
export function compareWithBaseline(run: Pick<EvalRun, 'cases'>, cases: Baseline['cases']): Changes {
  const before = new Map(cases.map((result) => [result.id, result]))
  const ids = new Set(run.cases.map(({ id }) => id))
  const known = run.cases.flatMap((now) => {
    const was = before.get(now.id)
    return was === undefined ? [] : [{ id: now.id, now, was, same: now.caseHash === was.caseHash }]
  })
  const paired = known.filter(({ now, same }) => same && isScored(now))
  const idsWhere = (was: string, now: string) =>
    paired.filter((pair) => pair.was.outcome === was && pair.now.outcome === now).map(({ id }) => id)
  const [gained, lost] = [idsWhere('fail', 'pass'), idsWhere('pass', 'fail')]
  const mean = (when: 'now' | 'was') => meanScore(paired.map((pair) => pair[when])) ?? 0
  const scoreDelta = roundScore(mean('now') - mean('was'))
  const delta = { paired: paired.length, passed: gained.length - lost.length, meanScore: scoreDelta }
  return {
    ...{ gained, lost, delta: paired.length === 0 ? null : delta },
    unblessed: run.cases.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    removed: cases.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    changed: known.filter(({ same }) => !same).map(({ id }) => id),
  }
}

/** Graded, with a score that is a share: what can be compared. */
function isScored({ outcome, score }: CaseResult): boolean {
  return outcome !== 'error' && score !== null && score >= 0 && score <= 1
}

/**
 * Two-sided exact p of McNemar's test on paired cases: `gained` failed before and pass now, `lost` the reverse.
 * Q. McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12, 1947;
 * exact form: under no change the smaller count is binomial(gained + lost, 1/2).
 * Cases that did not change say nothing about the difference, so they do not enter.
 */
export function mcnemarExact(gained: number, lost: number): number {
  const n = gained + lost
  let logTerm = -n * Math.LN2 // log of C(n, 0) / 2^n; in logs, since 2^-n underflows beyond n = 1074
  let tail = Math.exp(logTerm)
  for (let k = 1; k <= Math.min(gained, lost); k++) {
    logTerm += Math.log((n - k + 1) / k)
    tail += Math.exp(logTerm)
  }
  return Math.min(1, 2 * tail)
}

/**
 * Smallest number of paired cases at which the shares of gained and lost cases seen here would give p < 0.05.
 * Null when that takes more than 10,000, or when as many were gained as lost. An aid for planning: the shares
 * themselves are uncertain.
 */
export function casesNeeded(seen: { gained: number; lost: number; paired: number }): number | null {
  if (seen.gained === seen.lost) return null
  for (let n = seen.paired; n <= 10_000; n++) {
    const scaled = (count: number) => Math.round((count * n) / seen.paired)
    if (mcnemarExact(scaled(seen.gained), scaled(seen.lost)) < 0.05) return n
  }
  return null
}
