import * as z from 'zod/mini'
import { findOtherCase } from '../globs.ts'
import { countNoun, listNames } from '../words.ts'
import { amount, common, count, inside, insides, line } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind } from './kind.ts'
import { type FileFact, findOwnFiles, type OwnFile, type Samples } from './own-files.ts'
import { findRecordingProblem } from './recordings.ts'

export interface FilesFacts {
  /** Every path in the project. */
  paths: readonly string[]
  /** The files that match the gate's paths. */
  files: readonly FileFact[]
  /** Loaded on the first call. */
  samples: () => Samples
  /** In hex. */
  sha256: (text: string) => string
}

const schema = z.strictObject({
  ...common,
  kind: z.literal('files'),
  paths: insides,
  /** A list of further files, elsewhere on this machine, as `npm run ingest` writes it. */
  listedIn: z.optional(inside),
  min: amount,
  /** Whether only files count that are not the shipped samples, renamed or reworded. */
  own: z._default(z.boolean(), false),
  minWords: z._default(count, 0),
  /** Regular expressions that every counted file has to match. */
  contains: z._default(z.array(line), []),
  /** The format of every counted file, which has to be complete. */
  format: z.optional(z.enum(['eval-recording.v1'])),
})
type FilesGate = z.infer<typeof schema>

const codes = [
  'nothing-there',
  'too-few',
  'still-the-sample',
  'too-short',
  'wrong-case',
  'no-match',
  'bad-format',
] as const
const evidence = z.looseObject({ files: z.array(z.string()).check(z.minLength(1)) })
type FilesFinding = Finding<(typeof codes)[number], z.infer<typeof evidence>>

/** Enough files match, are long enough, contain what they must and, where required, are the learner's own. */
export const files = defineKind({
  schema,
  codes,
  // Files that are listed elsewhere are not in git. Those that are in git are in `inputs`.
  untracked: ['nothing-there', 'too-few', 'still-the-sample', 'too-short'],
  evidence,
  isScored: false,
  judge(gate, facts: FilesFacts): FilesFinding {
    const where = gate.paths.join(', ')
    if (facts.files.length === 0) return judgeNothing(gate, facts.paths)
    if (!gate.own)
      return judgeContents(
        gate,
        facts,
        facts.files.map(({ path }) => path),
      )
    const wanted = describeWanted(gate)
    const own = findOwnFiles(facts.files, facts.samples())
    if (own.length === 0)
      return fail('still-the-sample', {
        found: `${countNoun(facts.files.length, 'file')}, all from the template`,
        wanted,
        where,
      })
    const long = own.filter(({ text }) => text.words >= gate.minWords).map(({ path }) => path)
    if (long.length < gate.min && own.length >= gate.min)
      return fail('too-short', { found: describeLengths(own), wanted, where })
    return judgeContents(gate, facts, long)
  },
  portfolio: {
    part: 'projects',
    label: 'Own material',
    describe: (_, data) => ({ label: 'Own material', text: listNames(data.files, 3) }),
  },
})

/** `paths`: files that count so far. */
function judgeContents(gate: FilesGate, facts: FilesFacts, paths: readonly string[]): FilesFinding {
  const where = gate.paths.join(', ')
  const fitting = paths.filter((path) => containsAll(findText(facts, path), gate.contains))
  if (fitting.length < gate.min && paths.length >= gate.min)
    return fail('no-match', {
      found: `${paths[0]} does not contain it`,
      wanted: gate.contains.join(', '),
      where,
    })
  const problems = new Map(fitting.map((path) => [path, findProblem(gate, facts, path)]))
  const whole = fitting.filter((path) => problems.get(path) === undefined)
  const broken = fitting.find((path) => problems.get(path) !== undefined)
  if (broken !== undefined && whole.length < gate.min && fitting.length >= gate.min)
    return fail('bad-format', {
      found: `${broken}: ${problems.get(broken)}`,
      wanted: `a complete ${gate.format}`,
      where: broken,
    })
  const own = gate.own ? ' of yours' : ''
  if (fitting.length < gate.min)
    return fail('too-few', {
      found: `${countNoun(fitting.length, 'file')}${own}: ${listNames(fitting, 3)}`,
      wanted: describeWanted(gate),
      where,
    })
  return pass(`${countNoun(whole.length, 'file')}${own}: ${listNames(whole, 3)}`, { files: whole }, where)
}

function judgeNothing(gate: FilesGate, paths: readonly string[]): FilesFinding {
  const twin = findOtherCase(paths, gate.paths)
  const where = gate.paths.join(', ')
  if (twin) return fail('wrong-case', { found: `${twin}, whose case differs`, wanted: where, where: twin })
  return fail('nothing-there', { found: 'no such file', wanted: describeWanted(gate), where })
}

function describeWanted({ min, own, minWords }: FilesGate): string {
  const words = minWords > 0 ? `, each of ${minWords} words or more` : ''
  return `${min} or more${own ? ' that you wrote' : ''}${words}`
}

function describeLengths(own: readonly OwnFile[]): string {
  return own.map(({ path, text }) => `${path} has ${text.words} words`).join(', ')
}

function findText({ files: all }: FilesFacts, path: string): string {
  return all.find((file) => file.path === path)?.text ?? ''
}

/** Why a file does not meet the gate's conditions; undefined when it does. */
function findProblem({ format }: FilesGate, facts: FilesFacts, path: string): string | undefined {
  return format === undefined ? undefined : findRecordingProblem(findText(facts, path), facts.sha256)
}

function containsAll(text: string, patterns: readonly string[]): boolean {
  return patterns.every((pattern) => new RegExp(pattern, 'iu').test(text))
}
