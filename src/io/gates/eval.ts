import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { hashJson } from '../../../templates/_shared/console/files/kit/console/hash-json.ts'
import { listNamedFiles, parseCases } from '../../core/gates/cases.ts'
import { applyToTarget, type NamedFile, toReportPaths } from '../../core/gates/eval.ts'
import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { listCaseTargets } from '../../core/gates/targets.ts'
import { compare } from '../../core/package-json.ts'
import { readIngested, readMatching } from './read-files.ts'
import type { GateWorld } from './world.ts'

export function gatherEval(gate: GateOf<'eval'>, world: GateWorld): FactsOf<'eval'> {
  const text = gate.targets === undefined ? undefined : readOptional(join(world.directory, gate.targets))
  const others = listCaseTargets(text ?? '')
    .filter(({ cases }) => cases !== gate.cases)
    .map((target) => applyToTarget(gate, target))
    .map((other) => ({ gate: other, facts: gatherSuite(other, world) }))
  return { ...gatherSuite(gate, world), others }
}

type Suite = FactsOf<'eval'>['others'][number]

function gatherSuite(gate: Suite['gate'], { directory, samples }: GateWorld): Suite['facts'] {
  const cases = readOptional(join(directory, gate.cases))
  const named = parseCases(cases ?? '').cases.flatMap((one) => listNamedFiles(one, gate.files))
  return {
    cases,
    named: readNamed(directory, [gate.cases, ...named]),
    documents: readDocuments(gate, directory),
    reports: readReports(gate, directory),
    baselines: gate.record === 'baseline' ? readBaselines(directory, gate.baseline) : [],
    history: gate.record === 'baseline' ? readOptional(join(directory, HISTORY)) : undefined,
    samples,
    hashJson,
  }
}

/** Written by `npm run eval:bless`. */
const HISTORY = 'reports/history.jsonl'

function readDocuments({ own }: Suite['gate'], directory: string): Suite['facts']['documents'] {
  if (!own?.refers) return []
  const { documents, listedIn } = own.refers
  return [...readMatching(directory, documents).files, ...readIngested(directory, listedIn)]
}

function readNamed(directory: string, paths: readonly string[]): Map<string, NamedFile> {
  const files = new Map<string, NamedFile>()
  for (const path of new Set(paths)) {
    const file = join(directory, path)
    if (!existsSync(file)) continue
    files.set(path, { text: readFileSync(file, 'utf8'), changedAt: statSync(file).mtimeMs })
  }
  return files
}

function readBaselines(directory: string, prefix: string): { path: string; text: string }[] {
  const folder = join(directory, dirname(prefix))
  const names = existsSync(folder) ? readdirSync(folder).sort(compare) : []
  return names
    .filter((name) => name.startsWith(`${basename(prefix)}.`) && name.endsWith('.json'))
    .map((name) => ({
      path: `${dirname(prefix)}/${name}`,
      text: readFileSync(join(folder, name), 'utf8'),
    }))
}

function readReports(gate: Suite['gate'], directory: string): { path: string; text: string }[] {
  const { heuristic, last } = toReportPaths(gate)
  return [heuristic, last].flatMap((path) => {
    const text = readOptional(join(directory, path))
    return text === undefined ? [] : [{ path, text }]
  })
}

function readOptional(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
