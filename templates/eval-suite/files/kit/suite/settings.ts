import { UsageError } from '#kit/console/errors'
import { parseWholeNumber } from '#kit/console/options'
import type { EvalSettings, Mode } from '#kit/evals/suite'

export const OPTIONS = {
  target: { type: 'string', multiple: true },
  cases: { type: 'string' },
  'held-out': { type: 'boolean' },
  repeats: { type: 'string' },
  rate: { type: 'string' },
  record: { type: 'boolean' },
  replay: { type: 'boolean' },
  resume: { type: 'boolean' },
  fresh: { type: 'boolean' },
} as const

export const USAGE = `npm run eval -- --target NAME      a target of evals/targets.json, or the path of a generated repo; several: several
npm run eval -- --compare --target A --target B   run the same cases on both and test whether the difference is chance
npm run eval -- --cases FILE       run other cases than the target's; they have no baseline
npm run eval -- --held-out         run the cases of evals/held-out.jsonl, which no other run uses or shows
npm run eval -- --repeats N        ask each case N times, 2 to 20, to see how much is chance
npm run eval -- --rate N           ask at most N questions a minute
npm run eval -- --record           ask, and keep the answers in evals/recordings/ for later runs without a key
npm run eval -- --replay           use recorded answers only; do not ask the target
npm run eval -- --resume           continue the run that was cut off
npm run eval -- --fresh            ask again instead of using cached answers`

export interface RunSettings {
  targets: readonly string[]
  cases: string | null
  heldOut: boolean
  repeats: number
  rate: number | null
  record: boolean
  replay: boolean
  resume: boolean
  fresh: boolean
  /** A run over all cases for the gate: it can be resumed and recorded. */
  isWhole: boolean
}

/** Throws `UsageError` for settings that contradict each other. */
export function parseRunSettings(given: EvalSettings, mode: Mode): RunSettings {
  const text = (name: string) => {
    const value = given[name]
    return typeof value === 'string' ? value : null
  }
  const number = (name: string, min: number, max: number) => {
    const value = text(name)
    return value === null ? null : parseWholeNumber(`--${name}`, min, max, value)
  }
  const targets = given['target']
  const settings = {
    targets: Array.isArray(targets) ? [...new Set(targets.map(String))] : [],
    cases: text('cases'),
    heldOut: given['held-out'] === true,
    repeats: number('repeats', 2, 20) ?? 1,
    rate: number('rate', 1, 100_000),
    record: given['record'] === true,
    replay: given['replay'] === true,
    resume: given['resume'] === true,
    fresh: given['fresh'] === true,
    isWhole: ['gate', 'bless', 'measure'].includes(mode) && text('filter') === null,
  }
  assertTogether(settings, mode)
  return settings
}

function assertTogether(settings: RunSettings, mode: Mode): void {
  const problem = listContradictions(settings, mode).find(([isThere]) => isThere)?.[1]
  if (problem !== undefined) throw new UsageError(problem)
}

/** Lists combinations in which an option would be ignored: the user expects it to have an effect. */
function listContradictions(settings: RunSettings, mode: Mode): [isThere: boolean, problem: string][] {
  const { record, replay, resume, fresh, repeats, rate, heldOut, targets, isWhole } = settings
  const namesCases = settings.cases !== null
  return [
    [record && replay, '--record asks and --replay does not: leave one out'],
    [replay && resume, '--replay asks no target, so there is nothing to resume'],
    [
      replay && (fresh || rate !== null || repeats > 1),
      '--replay asks no target: leave out --fresh, --rate and --repeats',
    ],
    [resume && fresh, '--resume goes on and --fresh starts again: leave one out'],
    [heldOut && namesCases, '--held-out and --cases both name cases: leave one out'],
    [
      mode === 'bless' && namesCases,
      "a baseline is of the target's own cases: leave out --cases, or write them into a target of evals/targets.json",
    ],
    [mode === 'compare' && (record || replay), '--compare asks its targets: leave out --record and --replay'],
    [record && !isWhole, 'a recording is of a whole run: leave out --filter and --self-test'],
    [resume && !isWhole, 'only a whole run can be resumed: leave out --filter, --self-test and --compare'],
    [
      (record || replay) && (heldOut || namesCases),
      "a recording is of the target's own cases: leave out --held-out and --cases",
    ],
    [mode === 'compare' && targets.length < 2, '--compare needs two targets at least: --target A --target B'],
  ]
}
