import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Gate } from '../src/core/gates/kinds.ts'
import { parseJson, parseManifest } from '../src/core/manifest.ts'
import { compare } from '../src/core/package-json.ts'
import {
  codesSchema,
  type Roadmap,
  roadmapSchema,
  type Step,
  stepSchema,
} from '../src/core/roadmap/schema.ts'
import { hashSha256 } from '../src/io/hash.ts'
import { lintRoadmap } from './lint.ts'

/** Fields with a gate's texts; the other fields decide whether it passes. */
const WORDS = new Set([
  'title',
  'why',
  'do',
  'hints',
  'neighbour',
  'codes',
  'aliases',
  'required',
  'startsPassing',
  'cost',
])

/**
 * Reads `roadmap.json` and `_steps/` of a `templates/` folder. Throws an Error with every problem, one line
 * each.
 */
export function scanRoadmap(
  directory: string,
  templates: readonly { id: string; milestone: string }[],
): Roadmap {
  const read = (path: string) => readFileSync(join(directory, path), 'utf8')
  const { version, variables, milestones } = parseManifest(
    roadmapSchema,
    read('roadmap.json'),
    'templates/roadmap.json',
  )
  const { kinds, unknown } = parseManifest(
    codesSchema,
    read('_steps/codes.json'),
    'templates/_steps/codes.json',
  )
  const steps = listJsonFiles(join(directory, '_steps'))
    .filter((name) => name !== 'codes.json')
    .map((name) => readStep(directory, name))
  const order = milestones.flatMap((milestone) => milestone.steps)
  steps.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
  const roadmap = { version, variables, milestones, steps, codes: { kinds, unknown } }
  const problems = lintRoadmap(roadmap, templates)
  if (problems.length > 0) throw new Error(problems.map((line) => `templates/${line}`).join('\n'))
  return roadmap
}

function readStep(directory: string, name: string): Step {
  const path = `_steps/${name}`
  const text = fillFromShared(directory, readFileSync(join(directory, path), 'utf8'), `templates/${path}`)
  const { $schema: _, formatVersion: __, ...step } = parseManifest(stepSchema, text, `templates/${path}`)
  if (`${step.id}.json` !== name) throw new Error(`templates/${path}: id: must be the file's name`)
  const addHash = (gate: (typeof step.gates)[number]): Gate => ({ ...gate, hash: hashOf(gate) })
  return { ...step, gates: step.gates.map(addHash), retired: step.retired.map(addHash) }
}

/**
 * A gate that several steps have is written once: `_steps/shared/<extends>.json` supplies the fields that the
 * step leaves out.
 */
function fillFromShared(directory: string, text: string, file: string): string {
  const step = parseJson(text, file) as Record<'gates' | 'retired', Record<string, unknown>[] | undefined>
  const fill = (gate: Record<string, unknown>) => {
    const { extends: name, ...own } = gate
    if (name === undefined) return own
    const known = listJsonFiles(join(directory, '_steps/shared')).map((entry) =>
      entry.slice(0, -'.json'.length),
    )
    if (typeof name !== 'string' || !known.includes(name))
      throw new Error(`${file}: extends: there is no _steps/shared/${String(name)}.json`)
    const shared = JSON.parse(readFileSync(join(directory, `_steps/shared/${name}.json`), 'utf8'))
    const codes = { ...shared.codes, ...(own['codes'] as object | undefined) }
    return { ...shared, ...own, codes }
  }
  const { gates = [], retired = [] } = step
  return JSON.stringify({ ...step, gates: gates.map(fill), retired: retired.map(fill) })
}

/** Twelve hex digits: evidence with another hash belongs to another gate of the same name. */
function hashOf(gate: object): string {
  const deciding = Object.entries(gate).filter(([key]) => !WORDS.has(key))
  const sorted = Object.fromEntries(deciding.sort(([a], [b]) => compare(a, b)))
  return hashSha256(Buffer.from(JSON.stringify(sorted))).slice(0, 12)
}

function listJsonFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && !entry.name.endsWith('.schema.json'))
    .map((entry) => entry.name)
    .sort(compare)
}
