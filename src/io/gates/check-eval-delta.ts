import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contradictionIn, deltaOf, deltaText, type EvalReport, parseReport } from '../../core/gates/evals.ts'
import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import { proseWords } from '../../core/gates/prose.ts'
import { compare } from '../../core/package-json.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { counted } from '../../core/words.ts'
import { understood } from './check-eval.ts'
import type { GateWorld } from './world.ts'

type DeltaGate = GateOf<'eval-delta'>

/** Two reports of one suite, before and after one change, with a note. Better it need not be. The pair that comes furthest speaks. */
export function checkEvalDelta(gate: DeltaGate, { directory }: GateWorld): Finding {
  const names = experimentsIn(join(directory, gate.folder))
  if (names.length === 0)
    return failing('no-pair', {
      found: 'no pair of reports',
      wanted: 'NAME.before.json, NAME.after.json and NAME.md',
      where: gate.folder,
    })
  const findings = names.map((name) => checkPair(gate, directory, name))
  return findings.find(({ result }) => result === 'passed') ?? (findings.at(-1) as Finding)
}

function experimentsIn(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder).sort(compare) : []
  const names = files
    .filter((file) => file.endsWith('.before.json'))
    .map((file) => file.slice(0, -'.before.json'.length))
  return names.filter((name) => files.includes(`${name}.after.json`))
}

function checkPair(gate: DeltaGate, directory: string, name: string): Finding {
  const where = `${gate.folder}/${name}`
  const read = (part: string) =>
    understood(() => parseReport(readFileSync(join(directory, `${where}.${part}.json`), 'utf8')))
  const [before, after] = [read('before'), read('after')]
  const wanted = 'two runs of one suite, with one change between them'
  if (typeof before === 'string')
    return failing('bad-report', { found: before, wanted, where: `${where}.before.json` })
  if (typeof after === 'string')
    return failing('bad-report', { found: after, wanted, where: `${where}.after.json` })
  for (const [part, report] of Object.entries({ before, after })) {
    const found = contradictionIn(report)
    if (found) return failing('contradicts-itself', { found, wanted, where: `${where}.${part}.json` })
  }
  const difference = incomparable(before, after)
  if (difference) return failing('not-comparable', { found: difference, wanted, where })
  if (isSameRun(before, after))
    return failing('same-run', { found: 'nothing changed between the two', wanted, where })
  const delta = deltaOf(before.cases, after.cases)
  if (delta.paired < gate.minPaired)
    return failing('too-few-paired', {
      found: `${delta.paired} unchanged cases in both`,
      wanted: `${gate.minPaired} or more`,
      where,
    })
  const note = join(directory, `${where}.md`)
  const wantedNote = `a note of ${gate.minNoteWords} words or more`
  if (!existsSync(note))
    return failing('no-note', { found: 'no note', wanted: wantedNote, where: `${where}.md` })
  const words = proseWords(readFileSync(note, 'utf8')).length
  if (words < gate.minNoteWords)
    return failing('short-note', { found: counted(words, 'word'), wanted: wantedNote, where: `${where}.md` })
  const models = { before: before.provider.model, after: after.provider.model }
  return passed(
    `${name}: ${deltaText(delta)}`,
    { name, suite: after.name, ...delta, models, cases: after.hashes.cases },
    where,
  )
}

function incomparable(before: EvalReport, after: EvalReport): string | undefined {
  if (before.name !== after.name) return `one is of ${before.name}, the other of ${after.name}`
  if (before.hashes.graders !== after.hashes.graders) return 'the graders changed between the two'
  return undefined
}

/** The code, the prompts and the model are those of the other run, or it is the same run twice. */
function isSameRun(before: EvalReport, after: EvalReport): boolean {
  if (before.startedAt === after.startedAt) return true
  const setup = ({ provider, hashes, commit, dirty }: EvalReport) =>
    JSON.stringify([provider.name, provider.model, hashes.prompts, hashes.harness, commit, dirty])
  // Uncommitted code may differ without anything here showing it.
  return setup(before) === setup(after) && before.dirty !== true
}
