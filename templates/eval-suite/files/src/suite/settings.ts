import { UsageError } from '../console/errors.ts'
import { wholeNumber } from '../console/options.ts'
import type { Mode, Settings } from '../evals/suite.ts'

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
npm run eval -- --compare --target A --target B   the same cases on both, and whether the difference is more than chance
npm run eval -- --cases FILE       other cases than the target's own
npm run eval -- --held-out         the cases of evals/held-out.jsonl, which are otherwise neither run nor shown
npm run eval -- --repeats N        N answers to each case, 2 to 20: how much is chance
npm run eval -- --rate N           at most N answers a minute
npm run eval -- --record           ask, and keep the answers in evals/recordings/ for later runs without a key
npm run eval -- --replay           recorded answers only; nobody is asked
npm run eval -- --resume           go on with the run that was cut off
npm run eval -- --fresh            ask again what the cache knows`

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
}

/** Throws `UsageError` for settings that contradict each other. */
export function runSettings(given: Settings, mode: Mode): RunSettings {
  const text = (name: string) => {
    const value = given[name]
    return typeof value === 'string' ? value : null
  }
  const number = (name: string, min: number, max: number) => {
    const value = text(name)
    return value === null ? null : wholeNumber(`--${name}`, min, max, value)
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
  }
  assertTogether(settings, mode)
  return settings
}

function assertTogether(settings: RunSettings, mode: Mode): void {
  const { record, replay, resume, heldOut, cases, targets } = settings
  if (record && replay) throw new UsageError('--record asks and --replay does not: leave one out')
  if (replay && resume) throw new UsageError('--replay asks nobody, so there is nothing to resume')
  if (heldOut && cases !== null) throw new UsageError('--held-out and --cases both name cases: leave one out')
  if (record && mode === 'self-test') throw new UsageError('--self-test records nothing')
  if (record && (heldOut || cases !== null))
    throw new UsageError("a recording is of the target's own cases: leave out --held-out and --cases")
  if (mode === 'compare' && targets.length < 2)
    throw new UsageError('--compare needs two targets at least: --target A --target B')
}
