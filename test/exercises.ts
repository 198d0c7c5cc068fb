import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { replaceBodies } from '../build/functions.ts'
import { scanTemplates } from '../build/scan.ts'
import { resolveLayers } from '../src/core/catalogue.ts'
import { readExercises } from '../src/core/exercises/baked.ts'
import type { Exercise } from '../src/core/exercises/schema.ts'
import { parseProjectName } from '../src/core/names.ts'
import { planProject } from '../src/core/plan.ts'
import { collectSources } from '../src/core/sources.ts'
import { hashSha256 } from '../src/io/hash.ts'

export const scan = scanTemplates('templates', '0.0.0')

/** Every template with exercises, and these. */
export const workshops = scan.catalogue.templates
  .map((template) => ({
    template,
    exercises: readExercises(scan.packs.get(template.manifest.id) ?? new Map()),
  }))
  .filter(({ exercises }) => exercises.length > 0)
  .map((workshop) => ({ id: workshop.template.manifest.id, ...workshop }))

type Workshop = (typeof workshops)[number]

/** Starts built programs again and again, or a database: left out here, as in the fast tier. */
const SLOW = '**/{main,*.db}.test.ts'

/** Writes a template, with its default options, where the packages of this repository are found. */
export function writeProject({ id, template }: Workshop): string {
  const directory = join(process.cwd(), '.build/exercises', id)
  rmSync(directory, { recursive: true, force: true })
  const { options } = template.manifest
  const choices = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]))
  const layers = resolveLayers(scan.catalogue.layers, template.manifest, choices)
  const sources = collectSources(
    template.manifest,
    choices,
    layers,
    (owner) => scan.packs.get(owner) ?? new Map(),
  )
  const answers = { name: parseProjectName(id, new Set()), description: 'A test', choices }
  for (const { path, content } of planProject({
    template,
    version: '0.0.0',
    layers,
    sources,
    answers,
    hash: hashSha256,
  })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
  writeFileSync(join(directory, 'vitest.cheats.config.ts'), CHEATS_CONFIG)
  return directory
}

interface TestResult {
  file: string
  name: string
  status: string
}

export interface FileResult {
  file: string
  status: string
  tests: TestResult[]
}

/** Runs vitest in the project and returns what its report says, file by file. */
export function runVitest(directory: string, args: readonly string[]): FileResult[] {
  const report = join(directory, 'report.json')
  writeFileSync(report, '')
  const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs')
  const given = ['run', ...args, `--exclude=${SLOW}`, '--exclude=**/node_modules/**', '--reporter=json']
  const { stderr } = spawnSync(
    process.execPath,
    [vitest, ...given, `--outputFile=${report}`, '--maxWorkers=1'],
    {
      cwd: directory,
      encoding: 'utf8',
      env: withoutVitest(),
    },
  )
  const text = readFileSync(report, 'utf8')
  if (text === '') throw new Error(`vitest wrote no report: ${stderr}`)
  const { testResults } = JSON.parse(text) as {
    testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[]
  }
  return testResults.map(({ name, status, assertionResults }) => {
    const file = name.slice(directory.length + 1)
    return {
      file,
      status,
      tests: assertionResults.map((test) => ({ file, name: test.fullName, status: test.status })),
    }
  })
}

/** Variables of the vitest that runs these tests would reach the one in the project. */
function withoutVitest(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST_)/.test(name)),
  )
}

/** What the compiler says about a project; empty when it has no complaint. */
export function typecheckProject(directory: string): string {
  const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', 'tsconfig.json'], {
    cwd: directory,
    encoding: 'utf8',
  })
  return stdout
}

/** Writes other contents of an exercise's files, runs something, and puts the files back. */
export function withFiles<T>(directory: string, files: Record<string, string>, run: () => T): T {
  const before = Object.keys(files).map((path) => [path, readFileSync(join(directory, path))] as const)
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text)
  try {
    return run()
  } finally {
    for (const [path, content] of before) writeFileSync(join(directory, path), content)
  }
}

export function readProjectFile(directory: string, path: string): string {
  const full = join(directory, path)
  if (!existsSync(full)) throw new Error(`${full} is missing`)
  return readFileSync(full, 'utf8')
}

/** Bodies that know nothing of the task. `remembered` answers everything with the first right answer. */
const CONSTANTS: Record<string, string> = {
  nothing: 'undefined',
  'empty-text': "''",
  'empty-list': '[]',
  'empty-object': '{}',
  zero: '0',
  one: '1',
  yes: 'true',
  'first-argument': 'arguments[0]',
}
export const CHEATS = [...Object.keys(CONSTANTS), 'remembered']

const CHEATS_CONFIG = `import { defineConfig } from 'vitest/config'
import generated from './vitest.config.ts'

const projects = ${JSON.stringify(CHEATS)}.map((name) => ({
  test: { ...generated.test, name, env: { ...generated.test?.env, CHEAT: name } },
}))
export default defineConfig({ test: { projects } })
`

/** The exercise's files with bodies that cheat; the variable CHEAT chooses how. */
export function writeCheats(exercise: Exercise, directory: string): Record<string, string> {
  return Object.fromEntries(
    exercise.takes.map(({ file, functions, references }) => {
      const text = readProjectFile(directory, file)
      const bodies = functions.map(
        (name, index) => [name, writeCheat(name, references[index] ?? '')] as const,
      )
      const copies = functions.map((name, index) => copyReference(name, references[index] ?? ''))
      return [file, `${replaceBodies(text, file, Object.fromEntries(bodies))}\n${copies.join('\n')}`]
    }),
  )
}

function copyReference(name: string, reference: string): string {
  return `const remembered_${name}: any[] = []\n${reference.replace(new RegExp(`\\b${name}\\b`), `copied_${name}`)}\n`
}

function writeCheat(name: string, reference: string): string {
  const isGenerator = /^(?:async\s+)?function\s*\*/.test(reference)
  const isAsync = reference.startsWith('async')
  const constants = Object.entries(CONSTANTS).map(
    ([cheat, value]) => `case '${cheat}': ${isGenerator ? `yield ${value}; return` : `return ${value}`}`,
  )
  const call = `copied_${name}(...arguments)`
  const store = `remembered_${name}`
  const remembered = isGenerator
    ? `if (${store}.length === 0) for ${isAsync ? 'await ' : ''}(const one of ${call}) ${store}.push(one)
       yield* ${store}; return`
    : `if (${store}.length === 0) ${store}.push(${call}); return ${store}[0]`
  return `{
  // @ts-nocheck
  switch (process.env['CHEAT']) { ${constants.join('\n')}
    default: ${remembered} }
}`
}
