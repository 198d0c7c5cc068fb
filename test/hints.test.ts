import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { layOut } from '../build/lay-out.ts'
import { scanRoadmap } from '../build/scan-roadmap.ts'
import { VERBS } from '../src/cli/verbs.ts'
import type { Gate } from '../src/core/gates/kinds.ts'
import { matchGlobs } from '../src/core/globs.ts'

const out = mkdtempSync(join(tmpdir(), 'ai-eng-hints-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))
const repos = layOut('templates', out, { link: false }).filter(
  ({ label, template }) => label === template.manifest.id,
)
const { steps, codes } = scanRoadmap(
  'templates',
  repos.map(({ template }) => template.manifest),
)

/** What a learner reads about a gate and then does. */
const listTexts = (gate: Gate) => [
  gate.do,
  ...gate.hints,
  ...Object.values({ ...codes.kinds[gate.kind], ...codes.unknown, ...gate.codes }),
]

describe.each(repos)('what the gates of $label tell a learner to do', ({ directory, template }) => {
  const gates = steps.find((step) => step.template === template.manifest.id)?.gates ?? []
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(directory, path)).isFile())
  const folders = new Set(files.flatMap((path) => listParents(path)))
  const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))

  /** A file or folder of the fresh repo, one that the learner makes for this gate, or one that a command writes. */
  const isKnown = (path: string, gate: Gate) => {
    const places = ['', ...[...folders].map((folder) => `${folder}/`)].map((folder) => `${folder}${path}`)
    const made = [...gate.inputs, ...('paths' in gate ? gate.paths : []), 'reports/**', 'node_modules/**']
    if (files.includes(path) || folders.has(path)) return true
    return [path, ...places].some((one) => matchGlobs([one, `${one}/x.md`, `${one}/x.ts`], made).length > 0)
  }

  it('names commands that the repo has', () => {
    const missing = gates.flatMap((gate) =>
      listTexts(gate).flatMap((text) => listScripts(text).filter((name) => scripts[name] === undefined)),
    )
    expect(missing).toEqual([])
  })

  it('names files and folders that are there, or that the gate is about', () => {
    const missing = gates.flatMap((gate) =>
      listTexts(gate).flatMap((text) =>
        listPaths(text)
          .filter((path) => !isKnown(path, gate))
          .map((path) => `${gate.id}: ${path}`),
      ),
    )
    expect(missing).toEqual([])
  })

  it('names what stands in those files', () => {
    const claims = gates.flatMap((gate) => listTexts(gate).flatMap(listNamesInFiles))
    const wrong = claims.filter(
      ({ name, path }) => !readFileSync(join(directory, path), 'utf8').includes(name),
    )
    expect(wrong).toEqual([])
  })
})

it.each(repos)(
  'the workflows of $label name nothing of the sample, which a learner replaces',
  ({ directory }) => {
    const workflows = join(directory, '.github/workflows')
    const texts = readdirSync(workflows).map((name) => readFileSync(join(workflows, name), 'utf8'))
    expect(
      texts.join('').match(/docs-sample|notes-sample|incidents\/|evals\/(?:documents|material)/g),
    ).toBeNull()
  },
)

it('every command of ai-eng-starter that a gate names exists', () => {
  const known = VERBS.map(({ name }) => name)
  const named = steps.flatMap((step) => step.gates.flatMap(listTexts)).flatMap((text) => listVerbs(text))
  expect(named.filter((name) => !known.includes(name))).toEqual([])
  expect(named).toContain('check')
})

describe('the readers of these tests', () => {
  it('see what a hint names', () => {
    const hint =
      'Change DOCS in evals/sample.ts, then npm run eval:bless -- --reason "x"; see docs-sample/ and .env.'
    expect(listPaths(hint)).toEqual(['evals/sample.ts', 'docs-sample'])
    expect(listScripts(hint)).toEqual(['eval:bless'])
    expect(listNamesInFiles(hint)).toEqual([{ name: 'DOCS', path: 'evals/sample.ts' }])
    expect(listVerbs('Run ai-eng-starter set postPath FILE')).toEqual(['set'])
    expect(
      listPaths('put OPENAI_BASE_URL=http://127.0.0.1:11434/v1 there, GET /healthz, ~/work/docs'),
    ).toEqual([])
    expect(listPaths('import from ../src/...ts, or application/json and/or a {"document":"a/b.md"}')).toEqual(
      [],
    )
  })
})

function listParents(path: string): string[] {
  const parent = posix.dirname(path)
  return parent === '.' ? [] : [parent, ...listParents(parent)]
}

/** The scripts of package.json: `npm run eval`, `npm start`. */
function listScripts(text: string): string[] {
  const named = [...text.matchAll(/\bnpm (?:run ([\w-]+(?::[\w-]+)*)|(start|test)\b)/g)]
  return named.map(([, script = '', short = '']) => script || short)
}

function listVerbs(text: string): string[] {
  return [...text.matchAll(/\bai-eng-starter (?!FOLDER)([a-z]+)/g)].map(([, verb = '']) => verb)
}

/** Paths in the repo, without a slash at the end. What stands for a name, such as `<yours>` or NAME, becomes an `x`. */
function listPaths(text: string): string[] {
  const plain = text.replaceAll(/\{".*\}|https?:\/\/\S+/g, ' ').replaceAll(/<\w+>|\bNAME\b|\bFILE\b/g, 'x')
  const words = plain.split(/[\s,;:"'()]+/)
  return words
    .filter(
      (word) => /^(?:\.?[\w-]+\/)+[\w.*-]*$/.test(word) && !/\.\.|^(?:application|and|bin)\//.test(word),
    )
    .map((word) => word.replace(/[./]+$/, ''))
    .filter((word) => word.includes('/') || text.includes(`${word}/`))
}

/** `DOCS in evals/sample.ts`: a name that a file has to contain. */
function listNamesInFiles(text: string): { name: string; path: string }[] {
  const named = text.matchAll(/\b([A-Z][A-Z_]{2,}|[a-z]+_[a-z_]+) (?:in|of) ((?:[\w-]+\/)+[\w.-]+\.ts)\b/g)
  return [...named].map(([, name = '', path = '']) => ({ name, path }))
}
