import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { caseTexts, type EvalCase, stringsAt, withoutRepeats } from '../../core/gates/cases.ts'
import {
  contradictionIn,
  type EvalBaseline,
  type EvalReport,
  parseBaseline,
  parseReport,
} from '../../core/gates/evals.ts'
import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import { compare } from '../../core/package-json.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { fingerprint, isTakenFrom, ownOnes } from '../../core/similarity.ts'
import { counted, listed } from '../../core/words.ts'
import { changedAt, hasHash } from './case-hashes.ts'
import { ownFiles } from './own-files.ts'
import type { GateWorld } from './world.ts'

type EvalGate = GateOf<'eval'>

/** Enough cases, enough of them the learner's own, and a run or a baseline that covers them. */
export function checkEval(gate: EvalGate, world: GateWorld): Finding {
  const path = join(world.directory, gate.cases)
  const { cases, problems } = existsSync(path)
    ? caseTexts(readFileSync(path, 'utf8'))
    : { cases: [], problems: [] }
  const where = gate.cases
  if (problems[0]) return failing('bad-cases', { found: problems[0], wanted: 'one case on each line', where })
  if (cases.length === 0)
    return failing('no-cases', { found: 'no case', wanted: 'a case on each line', where })
  if (cases.length < gate.minCases)
    return failing('too-few-cases', {
      found: counted(cases.length, 'case'),
      wanted: `${gate.minCases} or more`,
      where,
    })
  const own = ownCases(gate, cases, world)
  if (gate.own && own.length < gate.own.min)
    return failing('too-few-own', {
      found: `${counted(own.length, 'case')} of your own`,
      wanted: `${gate.own.min} or more, about documents of your own`,
      where,
    })
  return gate.record === 'report' ? checkReport(gate, world, cases, own) : checkBaselines(gate, world, own)
}

/** Cases under new ids and in new words, about documents that are the learner's too. */
function ownCases(gate: EvalGate, cases: readonly EvalCase[], world: GateWorld): EvalCase[] {
  if (!gate.own) return []
  const { refers } = gate.own
  const samples = world.samples()
  const fresh = cases.filter(({ id }) => !samples.caseIds.has(id))
  const documents = refers ? ownFiles(refers.documents, world).own.map(({ path }) => path) : []
  const about = refers
    ? fresh.filter(({ value }) =>
        stringsAt(value, refers.field).some((name) =>
          documents.some((path) => `/${path}`.endsWith(`/${name}`)),
        ),
      )
    : fresh
  return ownOnes(
    withoutRepeats(about, refers?.field).map((one) => ({ ...one, text: fingerprint(one.text) })),
    ({ text }) => isTakenFrom(text, samples.cases),
  ).flatMap(({ id }) => about.find((one) => one.id === id) ?? [])
}

function checkReport(
  gate: EvalGate,
  world: GateWorld,
  cases: readonly EvalCase[],
  own: readonly EvalCase[],
): Finding {
  const where = `reports/eval-${gate.suite}.json`
  const path = join(world.directory, where)
  const wanted = 'a run of all cases that passed its gate'
  if (!existsSync(path)) return failing('no-report', { found: 'no report', wanted, where })
  const report = understood(() => parseReport(readFileSync(path, 'utf8')))
  if (typeof report === 'string') return failing('bad-report', { found: report, wanted, where })
  const contradiction = contradictionIn(report)
  if (contradiction) return failing('contradicts-itself', { found: contradiction, wanted, where })
  const stale = staleness(report, cases, gate, world.directory)
  if (stale) return failing('stale-report', { found: stale, wanted, where })
  const { verdict, reasons } = report.gate
  if (verdict !== 'pass')
    return failing('not-passing', { found: `${verdict}: ${reasons[0] ?? ''}`, wanted, where })
  const { passed: right, total, meanScore } = report.summary
  const ids = new Set(own.map(({ id }) => id))
  const ownRight = report.cases.filter((one) => ids.has(one.id) && one.outcome === 'pass').length
  const found = `${right}/${total} cases pass, ${ownRight}/${own.length} of your own (${report.provider.model})`
  return passed(
    found,
    {
      suite: gate.suite,
      provider: report.provider,
      passed: right,
      total,
      meanScore,
      own: [...ids],
      ownPassed: ownRight,
      hashes: report.hashes,
    },
    where,
  )
}

function staleness(
  report: EvalReport,
  cases: readonly EvalCase[],
  gate: EvalGate,
  directory: string,
): string | undefined {
  const ran = new Map(report.cases.map(({ id, caseHash }) => [id, caseHash]))
  const missing = cases.filter(({ id }) => !ran.has(id))
  if (missing.length > 0) return `the last run did not have ${idsOf(missing)}`
  if (ran.size > cases.length) return 'the last run had cases that are gone'
  const changed = cases.filter((one) => !hasHash(one, ran.get(one.id) ?? '', gate, directory))
  if (changed.length === 0) return undefined
  // A suite that the learner rewrote may hash other files. Then times have to do, which file systems round.
  const isOlder = Date.parse(report.startedAt) + 2000 < changedAt(changed, gate, directory)
  return isOlder ? `changed after the last run: ${idsOf(changed)}` : undefined
}

function idsOf(cases: readonly EvalCase[]): string {
  return listed(
    cases.map(({ id }) => id),
    3,
  )
}

/** `evals/baseline.<provider>.json`, the heuristic's and at least one other, both knowing the learner's cases as they are. */
function checkBaselines(gate: EvalGate, world: GateWorld, own: readonly EvalCase[]): Finding {
  const where = `${gate.baseline}.*.json`
  const wanted = "a model's baseline beside the heuristic's, both with your cases"
  const read = readBaselines(world.directory, gate.baseline)
  const broken = read.find(({ baseline }) => typeof baseline === 'string')
  if (broken)
    return failing('bad-baseline', { found: `${broken.path}: ${String(broken.baseline)}`, wanted, where })
  const baselines = read.flatMap(({ baseline }) => (typeof baseline === 'string' ? [] : [baseline]))
  const floor = baselines.find(({ provider }) => provider.name === 'heuristic')
  if (!floor) return failing('no-baseline', { found: 'no baseline of the heuristic', wanted, where })
  const models = baselines.filter(({ provider }) => !provider.deterministic && provider.name !== 'heuristic')
  if (models.length === 0) return failing('no-real-model', { found: 'the heuristic alone', wanted, where })
  const compared = models.map((model) => compareWith(floor, model)).sort((a, b) => b.paired - a.paired)
  const best = compared[0]
  const uncovered = own.filter(({ id }) => !best?.ids.has(id))
  if (!best || uncovered.length > 0 || best.paired < gate.minCases)
    return failing('not-covered', {
      found: `${best?.paired ?? 0} cases in both, without ${idsOf(uncovered) || 'enough others'}`,
      wanted,
      where,
    })
  const { ids: _, ...data } = best
  const found = `${best.model} ${best.passed}/${best.paired}, heuristic ${best.heuristic}/${best.paired}`
  return passed(found, { suite: gate.suite, ...data }, where)
}

function readBaselines(directory: string, prefix: string) {
  const folder = join(directory, dirname(prefix))
  const names = existsSync(folder) ? readdirSync(folder).sort(compare) : []
  return names
    .filter((name) => name.startsWith(`${basename(prefix)}.`) && name.endsWith('.json'))
    .map((name) => ({
      path: `${dirname(prefix)}/${name}`,
      baseline: understood(() => parseBaseline(readFileSync(join(folder, name), 'utf8'))),
    }))
}

function compareWith(floor: EvalBaseline, model: EvalBaseline) {
  const known = new Map(floor.cases.map((one) => [one.id, one]))
  const shared = model.cases.filter((one) => known.get(one.id)?.caseHash === one.caseHash)
  const right = (outcome: (id: string) => string | undefined) =>
    shared.filter(({ id }) => outcome(id) === 'pass').length
  const outcomes = new Map(model.cases.map((one) => [one.id, one.outcome]))
  return {
    provider: model.provider.name,
    model: model.provider.model,
    paired: shared.length,
    passed: right((id) => outcomes.get(id)),
    heuristic: right((id) => known.get(id)?.outcome),
    ids: new Set(shared.map(({ id }) => id)),
  }
}

/** The value, or a sentence about why there is none. */
export function understood<T>(read: () => T): T | string {
  try {
    return read()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
