import * as z from 'zod/mini'
import { countNoun, listNames } from '../words.ts'
import { findBlessed } from './blessings.ts'
import { type EvalCase, hasHash, listNamedFiles, parseCases } from './cases.ts'
import { describeEval, type EvalData, evidence } from './eval-data.ts'
import {
  type EvalBaseline,
  type EvalReport,
  findContradiction,
  parseBaseline,
  parseReport,
  tryParse,
} from './eval-report.ts'
import { amount, common, id, inside, insides, line } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind } from './kind.ts'
import { pickMeasures } from './measures.ts'
import { describeNotCounted, type SortedCases, sortCases } from './own-cases.ts'
import type { FileFact, Samples } from './own-files.ts'
import { findCopies, isProgram } from './program-answers.ts'
import type { CaseTarget } from './targets.ts'

/** What decides about one suite. */
interface SuiteFacts {
  /** Text of the case file; undefined when it does not exist. */
  cases: string | undefined
  /** The case file and every file that a case names, by path in the project. */
  named: ReadonlyMap<string, NamedFile>
  /** Documents that may be the learner's own. */
  documents: readonly FileFact[]
  /** The reports that exist: the heuristic's own first, then that of the last run, whichever model ran. */
  reports: readonly { path: string; text: string }[]
  /** The committed baselines, by path. */
  baselines: readonly { path: string; text: string }[]
  /** Text of the history of blessings, with the latency and cost of each. */
  history: string | undefined
  samples: () => Samples
  hashJson: (value: unknown) => string
}

export interface EvalFacts extends SuiteFacts {
  /** Suites that count as well as the gate's own: those of targets with cases of their own. */
  others: readonly { gate: GateOfSuite; facts: SuiteFacts }[]
}

export interface NamedFile {
  text: string
  /** When it was written, in ms. */
  changedAt: number
}

const schema = z.strictObject({
  ...common,
  kind: z.literal('eval'),
  suite: id,
  cases: inside,
  /**
   * `report`: the heuristic's last run; a model's run counts only where it passed. `baseline`: the committed
   * baseline of a real model next to the heuristic's, whatever its score.
   */
  record: z.enum(['report', 'baseline']),
  minCases: z._default(amount, 1),
  /** Which cases count as the learner's: new ids, new words and, with `refers`, about their own documents. */
  own: z.optional(
    z.strictObject({
      min: amount,
      /**
       * The field in which a case names its documents (dots go deeper), and globs of documents that may be
       * the learner's own, with a list of those elsewhere.
       */
      refers: z.optional(z.strictObject({ field: line, documents: insides, listedIn: z.optional(inside) })),
    }),
  ),
  /**
   * The files whose contents are part of a case's hash, as its suite names them:
   * `evals/documents/{document}`, where `{field}` is the value of that field in the case (dots go deeper). Of
   * several lists, one has to match.
   */
  files: z._default(z.array(insides), []),
  baseline: z._default(inside, 'evals/baseline'),
  /** A file of targets: each with cases of its own counts as well as the suite. */
  targets: z.optional(inside),
})
type EvalGate = z.infer<typeof schema>
/** A gate without the fields that only its roadmap needs. */
type GateOfSuite = Pick<EvalGate, 'suite' | 'cases' | 'record' | 'minCases' | 'own' | 'files' | 'baseline'>

const codes = [
  'no-cases',
  'bad-cases',
  'too-few-cases',
  'too-few-own',
  'no-report',
  'bad-report',
  'contradicts-itself',
  'stale-report',
  'not-passing',
  'of-a-model',
  'no-baseline',
  'bad-baseline',
  'no-real-model',
  'not-covered',
  'no-answers',
  'copied-answers',
] as const

type EvalFinding = Finding<(typeof codes)[number], EvalData>

/** Enough cases, enough of them the learner's own, and a run or a baseline that covers them. */
export const evalKind = defineKind({
  schema,
  codes,
  untracked: [
    'too-few-own',
    'no-report',
    'bad-report',
    'contradicts-itself',
    'stale-report',
    'not-passing',
    'of-a-model',
    'no-answers',
    'copied-answers',
  ],
  evidence,
  isScored: true,
  judge(gate, { others, ...facts }: EvalFacts): EvalFinding {
    const findings = others.map((other) => judgeSuite(other.gate, other.facts))
    const own = judgeSuite(gate, facts)
    // A target with cases of its own is what the learner works on, so its finding says what is missing.
    return [...findings, own].find(({ result }) => result === 'passed') ?? findings[0] ?? own
  },
  portfolio: {
    part: 'evals',
    label: 'Evals',
    describe: (_, data) => describeEval(data),
  },
})

/** The gate as it is for a target: the same demands on its own cases, report and baseline. */
export function applyToTarget(gate: EvalGate, { name, cases }: CaseTarget): GateOfSuite {
  const { record, files, own } = gate
  const baseline = `evals/${name}.baseline`
  const minCases = own?.min ?? gate.minCases
  return { suite: name, cases, record, minCases, files, baseline, ...(own && { own: { min: own.min } }) }
}

function judgeSuite(gate: GateOfSuite, facts: SuiteFacts): EvalFinding {
  const where = gate.cases
  const { cases, problems } = parseCases(facts.cases ?? '')
  if (problems[0]) return fail('bad-cases', { found: problems[0], wanted: 'one case on each line', where })
  if (cases.length === 0) return fail('no-cases', { found: 'no case', wanted: 'a case on each line', where })
  if (cases.length < gate.minCases)
    return fail('too-few-cases', {
      found: countNoun(cases.length, 'case'),
      wanted: `${gate.minCases} or more`,
      where,
    })
  const { own, notCounted } = findOwnCases(gate, cases, facts)
  const others = describeNotCounted(notCounted)
  if (gate.own && own.length < gate.own.min)
    return fail('too-few-own', {
      found: `${countNoun(own.length, 'case')} you wrote${others}`,
      wanted: `${gate.own.min} or more${gate.own.refers ? ', about your own documents' : ''}`,
      where,
      data: { notCounted },
    })
  const finding =
    gate.record === 'report' ? judgeReport(gate, facts, cases, own) : judgeBaselines(gate, facts, own)
  return finding.result === 'passed' ? { ...finding, found: `${finding.found}${others}` } : finding
}

function findOwnCases(gate: GateOfSuite, cases: readonly EvalCase[], facts: SuiteFacts): SortedCases {
  if (!gate.own) return { own: [], notCounted: [] }
  const { documents } = facts
  return sortCases(cases, { field: gate.own.refers?.field, documents, samples: facts.samples() })
}

const WANTED = 'a run of all cases that passed its gate'

function judgeReport(
  gate: GateOfSuite,
  facts: SuiteFacts,
  cases: readonly EvalCase[],
  own: readonly EvalCase[],
): EvalFinding {
  const wanted = WANTED
  const [first] = facts.reports
  if (!first) return fail('no-report', { found: 'no report', wanted, where: toReportPaths(gate).last })
  const { path: where, text } = first
  const report = tryParse(() => parseReport(text))
  if (typeof report === 'string') return fail('bad-report', { found: report, wanted, where })
  const contradiction = findContradiction(report)
  if (contradiction) return fail('contradicts-itself', { found: contradiction, wanted, where })
  const stale = findStaleness(report, cases, gate, facts)
  if (stale) return fail('stale-report', { found: stale, wanted, where })
  const unmet = judgeVerdict(report, where)
  if (unmet) return unmet
  const { passed, total, meanScore } = report.summary
  const ids = own.map((one) => one.id)
  const ownPassed = report.cases.filter((one) => ids.includes(one.id) && one.outcome === 'pass').length
  const { provider, hashes } = report
  const measures = pickMeasures(report.summary)
  const data = {
    suite: gate.suite,
    provider,
    passed,
    total,
    meanScore,
    own: ids,
    ownPassed,
    hashes,
    ...measures,
  }
  const found = `${passed}/${total} cases pass, ${ownPassed}/${own.length} of yours (${provider.model})`
  return pass(found, data, where)
}

/** A model's bad score is information: only the heuristic's run decides. */
function judgeVerdict({ gate, provider, summary }: EvalReport, where: string): EvalFinding | undefined {
  const { verdict, reasons } = gate
  if (verdict === 'pass') return undefined
  const isModel = !provider.deterministic && provider.name !== 'heuristic'
  if (!isModel)
    return fail('not-passing', { found: `${verdict}: ${reasons[0] ?? ''}`, wanted: WANTED, where })
  const found = `a run of ${provider.model} only: ${summary.passed}/${summary.total} cases pass`
  return fail('of-a-model', { found, wanted: 'a run of the heuristic that passed its gate', where })
}

/** Where the evals layer writes the report of the last run, and keeps the heuristic's when a model runs. */
export function toReportPaths({ suite }: { suite: string }): { heuristic: string; last: string } {
  return { heuristic: `reports/eval-${suite}.heuristic.json`, last: `reports/eval-${suite}.json` }
}

function findStaleness(
  report: EvalReport,
  cases: readonly EvalCase[],
  gate: GateOfSuite,
  facts: SuiteFacts,
): string | undefined {
  const ran = new Map(report.cases.map((one) => [one.id, one.caseHash]))
  const missing = cases.filter((one) => !ran.has(one.id))
  if (missing.length > 0) return `the last run lacks ${listIds(missing)}`
  if (ran.size > cases.length) return 'the last run contains cases that no longer exist'
  const readText = (path: string) => facts.named.get(path)?.text
  const isSame = (one: EvalCase) =>
    hasHash(one, ran.get(one.id) ?? '', gate.files, { readText, hashJson: facts.hashJson })
  const changed = cases.filter((one) => !isSame(one))
  if (changed.length === 0) return undefined
  // If the learner rewrote the suite, it may hash other files. Then compare times, which file systems round.
  const paths = [gate.cases, ...changed.flatMap((one) => listNamedFiles(one, gate.files))]
  const changedAt = Math.max(...paths.map((path) => facts.named.get(path)?.changedAt ?? 0))
  const isOlder = Date.parse(report.startedAt) + 2000 < changedAt
  return isOlder ? `changed after the last run: ${listIds(changed)}` : undefined
}

function listIds(cases: readonly EvalCase[]): string {
  return listNames(
    cases.map((one) => one.id),
    3,
  )
}

/**
 * `evals/baseline.<provider>.json`: the heuristic's and at least one other, both with the learner's current
 * cases.
 */
function judgeBaselines(gate: GateOfSuite, facts: SuiteFacts, own: readonly EvalCase[]): EvalFinding {
  const where = `${gate.baseline}.*.json`
  const wanted = "a model's baseline next to the heuristic's, both with your cases"
  const baselines: EvalBaseline[] = []
  for (const { path, text } of facts.baselines) {
    const baseline = tryParse(() => parseBaseline(text))
    if (typeof baseline === 'string')
      return fail('bad-baseline', { found: `${path}: ${baseline}`, wanted, where })
    baselines.push(baseline)
  }
  const floor = baselines.find(({ provider }) => provider.name === 'heuristic')
  if (!floor) return fail('no-baseline', { found: 'no baseline of the heuristic', wanted, where })
  const models = baselines.filter(({ provider }) => !provider.deterministic && provider.name !== 'heuristic')
  if (models.length === 0) return fail('no-real-model', { found: 'only the heuristic', wanted, where })
  const compared = models.map((model) => compareBaselines(floor, model)).sort((a, b) => b.paired - a.paired)
  const isCovered = ({ ids, paired }: (typeof compared)[number]) =>
    own.every((one) => ids.has(one.id)) && paired >= gate.minCases
  const covered = compared.filter(isCovered)
  // A model that answered through an API says more than a program that anything may be.
  const best = covered.find((one) => !isProgram(one)) ?? covered[0]
  if (!best) {
    const { paired = 0, ids } = compared[0] ?? {}
    const missing = listIds(own.filter((one) => !ids?.has(one.id))) || 'enough other cases'
    return fail('not-covered', { found: `${paired} cases in both; missing: ${missing}`, wanted, where })
  }
  const doubt = isProgram(best) ? doubtProgram(gate, facts, best) : undefined
  if (doubt) return doubt
  const { ids: _, ...data } = { ...best, ...findBlessed(facts.history, gate.suite, best) }
  const label = isProgram(best) ? '; self-reported: a program answered' : ''
  const found = `${best.model} ${best.passed}/${best.paired}, heuristic ${best.heuristic}/${best.paired}${label}`
  return pass(
    found,
    { suite: gate.suite, ...data, ...(isProgram(best) && { selfReported: true as const }) },
    where,
  )
}

/** A baseline of a program counts only while a report shows its answers, and none of them is a copy. */
function doubtProgram(
  gate: GateOfSuite,
  facts: SuiteFacts,
  { provider, model }: { provider: string; model: string },
): EvalFinding | undefined {
  const wanted = 'answers of a model: not the input, one text or the heuristic’s'
  const where = toReportPaths(gate).last
  const reports = facts.reports.flatMap(({ text }) => {
    const report = tryParse(() => parseReport(text))
    return typeof report === 'string' || findContradiction(report) ? [] : [report]
  })
  const answers = reports.find((one) => one.provider.name === provider && one.provider.model === model)
  if (!answers) return fail('no-answers', { found: `no report with the answers ${model}`, wanted, where })
  const heuristic = reports.find((one) => one.provider.name === 'heuristic')
  const copies = findCopies(answers, heuristic, collectInputs(gate, facts))
  return copies === undefined ? undefined : fail('copied-answers', { found: copies, wanted, where })
}

function collectInputs(gate: GateOfSuite, { cases, named }: SuiteFacts): Map<string, string[]> {
  const texts = (one: EvalCase) =>
    listNamedFiles(one, gate.files).flatMap((path) => named.get(path)?.text ?? [])
  return new Map(parseCases(cases ?? '').cases.map((one) => [one.id, texts(one)]))
}

function compareBaselines(floor: EvalBaseline, model: EvalBaseline) {
  const known = new Map(floor.cases.map((one) => [one.id, one]))
  const shared = model.cases.filter((one) => known.get(one.id)?.caseHash === one.caseHash)
  const countPasses = (outcome: (id: string) => string | undefined) =>
    shared.filter((one) => outcome(one.id) === 'pass').length
  const outcomes = new Map(model.cases.map((one) => [one.id, one.outcome]))
  return {
    provider: model.provider.name,
    model: model.provider.model,
    paired: shared.length,
    passed: countPasses((one) => outcomes.get(one)),
    heuristic: countPasses((one) => known.get(one)?.outcome),
    ids: new Set(shared.map((one) => one.id)),
  }
}
