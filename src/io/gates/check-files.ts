import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import { recordingProblem } from '../../core/gates/recordings.ts'
import { matching, otherCase } from '../../core/globs.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import { counted, listed } from '../../core/words.ts'
import { sha256 } from '../hash.ts'
import { filesBelow } from '../walk.ts'
import { type OwnFile, ownFiles } from './own-files.ts'
import type { GateWorld } from './world.ts'

/** Enough files match, are the learner's own where that is asked, are long enough, and contain what they must. */
export function checkFiles(gate: GateOf<'files'>, world: GateWorld): Finding {
  const wanted = wantedText(gate)
  const where = gate.paths.join(', ')
  const paths = filesBelow(world.directory)
  const there = matching(paths, gate.paths)
  if (there.length === 0) return nothingThere(gate, paths, wanted)
  const own = gate.own ? ownFiles(gate.paths, world).own : undefined
  if (own?.length === 0)
    return failing('still-the-sample', {
      found: `${counted(there.length, 'file')}, none of your own`,
      wanted,
      where,
    })
  const long = own?.filter(({ text }) => text.words >= gate.minWords).map(({ path }) => path) ?? there
  if (own && long.length < gate.min && own.length >= gate.min)
    return failing('too-short', { found: lengths(own), wanted, where })
  const fitting = long.filter((path) => contains(join(world.directory, path), gate.contains))
  if (fitting.length < gate.min && long.length >= gate.min)
    return failing('no-match', {
      found: `${long[0]} does not contain it`,
      wanted: gate.contains.join(', '),
      where,
    })
  const whole = fitting.filter((path) => problemOf(gate, world, path) === undefined)
  const broken = fitting.find((path) => !whole.includes(path))
  if (broken !== undefined && whole.length < gate.min && fitting.length >= gate.min)
    return failing('bad-format', {
      found: `${broken}: ${problemOf(gate, world, broken)}`,
      wanted: `a whole ${gate.format}`,
      where: broken,
    })
  if (fitting.length < gate.min)
    return failing('too-few', {
      found: `${counted(fitting.length, 'file')}${gate.own ? ' of your own' : ''}: ${listed(fitting, 3)}`,
      wanted,
      where,
    })
  return passed(
    `${counted(whole.length, 'file')}${gate.own ? ' of your own' : ''}: ${listed(whole, 3)}`,
    { files: whole },
    where,
  )
}

function wantedText({ min, own, minWords }: GateOf<'files'>): string {
  const words = minWords > 0 ? `, each of ${minWords} words or more` : ''
  return `${min} or more${own ? ' of your own' : ''}${words}`
}

function nothingThere(gate: GateOf<'files'>, paths: readonly string[], wanted: string): Finding {
  const twin = otherCase(paths, gate.paths)
  const where = gate.paths.join(', ')
  if (twin) return failing('wrong-case', { found: `${twin}, whose case differs`, wanted: where, where: twin })
  return failing('nothing-there', { found: 'no such file', wanted, where })
}

function lengths(files: readonly OwnFile[]): string {
  return files.map(({ path, text }) => `${path} has ${text.words} words`).join(', ')
}

/** Why a file is not what the gate wants it to be; undefined when it is. */
function problemOf({ format }: GateOf<'files'>, { directory }: GateWorld, path: string): string | undefined {
  if (format === undefined) return undefined
  const hash = (text: string) => sha256(Buffer.from(text))
  return recordingProblem(readFileSync(join(directory, path), 'utf8'), hash)
}

function contains(path: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true
  const text = readFileSync(path, 'utf8')
  return patterns.every((pattern) => new RegExp(pattern, 'iu').test(text))
}
