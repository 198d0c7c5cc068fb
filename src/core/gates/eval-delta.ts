import * as z from 'zod/mini'
import { countNoun } from '../words.ts'
import { describeChance, describeChange, toChange } from './change.ts'
import {
  computeDelta,
  describeDelta,
  type EvalReport,
  findContradiction,
  parseReport,
  tryParse,
} from './eval-report.ts'
import { amount, common, inside } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind } from './kind.ts'
import { describeMeasuresChange, measureFields, nameModel, pickMeasures } from './measures.ts'
import { splitWords } from './prose-text.ts'

export interface EvalDeltaFacts {
  /** Every NAME that has both reports in the gate's folder, sorted. */
  experiments: readonly Experiment[]
}

interface Experiment {
  name: string
  before: string
  after: string
  /** Text of NAME.md; undefined when it does not exist. */
  note: string | undefined
}

const schema = z.strictObject({
  ...common,
  kind: z.literal('eval-delta'),
  folder: inside,
  minPaired: amount,
  minNoteWords: z._default(amount, 30),
})
type DeltaGate = z.infer<typeof schema>

const codes = [
  'no-pair',
  'bad-report',
  'contradicts-itself',
  'not-comparable',
  'same-run',
  'too-few-paired',
  'no-note',
  'short-note',
] as const
const evidence = z.looseObject({
  name: z.string(),
  suite: z.string(),
  paired: z.int(),
  before: z.int(),
  after: z.int(),
  fixed: z.array(z.string()),
  regressed: z.array(z.string()),
  models: z.looseObject({ before: z.string(), after: z.string() }),
  /** Hash of the cases. */
  cases: z.optional(z.string()),
  /** Absent in records of earlier versions. */
  measures: z.optional(z.object({ before: z.object(measureFields), after: z.object(measureFields) })),
})
type DeltaFinding = Finding<(typeof codes)[number], z.infer<typeof evidence>>

/**
 * Two reports of one suite, before and after one change, with a note. The score need not improve. The pair
 * that meets the most conditions counts.
 */
export const evalDelta = defineKind({
  schema,
  codes,
  evidence,
  isScored: true,
  judge(gate, { experiments }: EvalDeltaFacts): DeltaFinding {
    const findings = experiments.map((one) => judgeExperiment(gate, one))
    const nothing = fail('no-pair', {
      found: 'no pair of reports',
      wanted: 'NAME.before.json, NAME.after.json and NAME.md',
      where: gate.folder,
    })
    return findings.find(({ result }) => result === 'passed') ?? findings.at(-1) ?? nothing
  },
  portfolio: {
    part: 'evals',
    label: 'A measured change',
    describe(_, data) {
      const change = toChange(data)
      const { before, after } = change.models
      const who = before === after ? nameModel(after) : `${nameModel(before)} -> ${nameModel(after)}`
      const label = change.name.replaceAll('-', ' ')
      const { measures } = data
      const cost = measures ? describeMeasuresChange(measures.before, measures.after) : ''
      const measured = cost === '' ? '' : ` ${cost}.`
      return { label, text: `${describeChange(change)} (${who}).${measured} ${describeChance(change)}` }
    },
  },
})

function judgeExperiment(gate: DeltaGate, experiment: Experiment): DeltaFinding {
  const { name, note } = experiment
  const where = `${gate.folder}/${name}`
  const wanted = 'two runs of one suite, with one change between them'
  const before = tryParse(() => parseReport(experiment.before))
  if (typeof before === 'string')
    return fail('bad-report', { found: before, wanted, where: `${where}.before.json` })
  const after = tryParse(() => parseReport(experiment.after))
  if (typeof after === 'string')
    return fail('bad-report', { found: after, wanted, where: `${where}.after.json` })
  for (const [part, report] of Object.entries({ before, after })) {
    const found = findContradiction(report)
    if (found) return fail('contradicts-itself', { found, wanted, where: `${where}.${part}.json` })
  }
  const difference = findDifference(before, after)
  if (difference) return fail('not-comparable', { found: difference, wanted, where })
  if (isSameRun(before, after))
    return fail('same-run', { found: 'nothing changed between the two', wanted, where })
  const delta = computeDelta(before.cases, after.cases)
  if (delta.paired < gate.minPaired)
    return fail('too-few-paired', {
      found: `${delta.paired} unchanged cases in both`,
      wanted: `${gate.minPaired} or more`,
      where,
    })
  const missing = judgeNote(gate, note, `${where}.md`)
  if (missing) return missing
  const models = { before: before.provider.model, after: after.provider.model }
  const measures = { before: pickMeasures(before.summary), after: pickMeasures(after.summary) }
  const data = { name, suite: after.name, ...delta, models, cases: after.hashes.cases, measures }
  return pass(`${name}: ${describeDelta(delta)}`, data, where)
}

function judgeNote(
  { minNoteWords }: DeltaGate,
  note: string | undefined,
  where: string,
): DeltaFinding | undefined {
  const wanted = `a note of ${minNoteWords} words or more`
  if (note === undefined) return fail('no-note', { found: 'no note', wanted, where })
  const { length } = splitWords(note)
  return length < minNoteWords
    ? fail('short-note', { found: countNoun(length, 'word'), wanted, where })
    : undefined
}

/** Why two reports can't be compared; undefined when they can. */
function findDifference(before: EvalReport, after: EvalReport): string | undefined {
  if (before.name !== after.name) return `one is of ${before.name}, the other of ${after.name}`
  if (before.hashes.graders !== after.hashes.graders) return 'the graders changed between the two'
  return undefined
}

/** Whether both have the same code, prompts and model, or are the same run twice. */
function isSameRun(before: EvalReport, after: EvalReport): boolean {
  if (before.startedAt === after.startedAt) return true
  const describeSetup = ({ provider, hashes, commit, dirty }: EvalReport) =>
    JSON.stringify([provider.name, provider.model, hashes.prompts, hashes.harness, commit, dirty])
  // Uncommitted code may differ without any of these fields showing it.
  return describeSetup(before) === describeSetup(after) && before.dirty !== true
}
