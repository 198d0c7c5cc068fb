import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CheckResult } from '../../src/commands/check/check.ts'
import type { ShownGate } from '../../src/commands/status.ts'
import { loadRoadmap } from '../../src/io/baked.ts'
import { cli } from '../cli/run.ts'
import { environment, run } from '../packed/generated.ts'
import { type Overlay, type Piece, readOverlay } from './overlay.ts'
import { STAND_INS, startScriptedModel, startStandIns } from './stand-ins.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const roadmap = loadRoadmap(join(root, 'dist'))

/** A roadmap folder, and the project in it that a step is about. */
export interface Ground {
  folder: string
  /** Absolute; the roadmap folder's own name for it is the step's, or of the step that it is beside. */
  project: string
}

const made: string[] = []

export function removeGrounds(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A folder with what somebody has before they work on a step: its project as it was generated, or the solved one that the step is beside. */
export async function freshGround(step: string): Promise<Ground> {
  const { beside } = readOverlay(step)
  if (beside !== undefined) return copyOf(await solvedGround(beside))
  const folder = emptyFolder()
  const project = join(folder, step)
  const template = roadmap.steps.find(({ id }) => id === step)?.template ?? ''
  const { code, stderr } = await cli(['new', template, step, '--yes', '--no-install'], { cwd: folder })
  if (code !== 0) throw new Error(stderr)
  git(project, 'remote', 'add', 'origin', `https://github.com/learner/${step}.git`)
  // Installing would take minutes and give the same packages: a test compares their versions with this repository's.
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  mkdirSync(join(project, '.git/info'), { recursive: true })
  writeFileSync(join(project, '.git/info/exclude'), 'node_modules\n')
  return { folder, project }
}

const solved = new Map<string, Promise<Ground>>()

/** The fresh ground with the overlay on it: its files, what it runs, its variables, all committed. Made once for each step; take a copy to change it. */
export function solvedGround(step: string): Promise<Ground> {
  const ground = solved.get(step) ?? solve(step)
  solved.set(step, ground)
  return ground
}

async function solve(step: string): Promise<Ground> {
  const overlay = readOverlay(step)
  const ground = await freshGround(step)
  const target = overlay.beside === undefined ? ground.project : ground.folder
  for (const step of overlay.build) await buildExercise(step, ground.project)
  if (overlay.files) cpSync(overlay.files, target, { recursive: true })
  applyAppend(overlay, target)
  await runAll(overlay, ground.project)
  commit(ground.project, 'Work of my own')
  // So that its evidence is there for the steps that are beside it.
  await checkStep(ground, step)
  commit(ground.project, 'Evidence')
  return ground
}

/** Takes the code out, writes the bodies instead of it, and merges; throws when that is not accepted as built. */
async function buildExercise({ exercise, bodies }: Overlay['build'][number], project: string): Promise<void> {
  const build = async (...args: string[]) => {
    const { stdout, stderr } = await cli(['build', ...args, '--json'], { cwd: project })
    const { result, error } = JSON.parse(stdout)
    if (!result || error) throw new Error(`build ${args.join(' ')}: ${stdout}\n${stderr}`)
    return result
  }
  await build(exercise)
  for (const [path, texts] of Object.entries(bodies)) {
    const parts = readFileSync(join(project, path), 'utf8').split("throw new Error('yours to write')")
    if (parts.length !== texts.length + 1) throw new Error(`${path} has ${parts.length - 1} bodies to write`)
    const text = parts.flatMap((part, index) => [part, texts[index] ?? '']).join('')
    writeFileSync(join(project, path), text)
  }
  const { kind, record } = await build('--yes')
  if (kind !== 'merged' || record.result !== 'built')
    throw new Error(`${exercise} is ${record?.result ?? kind}`)
}

export function copyOf({ folder, project }: Ground): Ground {
  const copy = emptyFolder()
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  return { folder: copy, project: join(copy, project.slice(folder.length)) }
}

function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ai-eng-solved-')))
  made.push(folder)
  return folder
}

/** Appends what the overlay adds to files that exist. */
export function applyAppend({ append: from }: Overlay, to: string): void {
  if (from === null) return
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    appendFileSync(join(to, path.slice(from.length)), readFileSync(path))
  }
}

async function runAll({ run: steps }: Overlay, project: string): Promise<void> {
  for (const step of steps) {
    if ('edit' in step) replaceTexts(join(project, step.edit), step.replace)
    else {
      const { argv, model, exitCode } = step
      const { code, stdout, stderr } = await runAs(model, argv, project)
      if (code !== exitCode) throw new Error(`${argv.join(' ')} exited with ${code}\n${stdout}\n${stderr}`)
    }
  }
}

/** Copies the overlay's files without its test, which may be about the sample. */
export function copyMaterial({ files }: Overlay, project: string): void {
  if (files === null) return
  cpSync(files, project, { recursive: true, filter: (path) => !path.endsWith('mine.test.ts') })
}

/** Does what the overlay edits, and runs none of its commands. */
export function applyEdits({ run: steps }: Overlay, project: string): void {
  for (const step of steps) if ('edit' in step) replaceTexts(join(project, step.edit), step.replace)
}

/** Runs a command in a project with this model in its environment. */
export async function runAs(name: 'heuristic' | 'scripted', argv: readonly string[], project: string) {
  const [program = '', ...args] = argv
  const model = await startScriptedModel()
  const scripted = {
    AI_PROVIDER: 'openai-compatible',
    OPENAI_BASE_URL: `${model.url}/v1`,
    AI_MODEL: 'scripted',
  }
  try {
    const env = { ...environment(), ...(name === 'scripted' ? scripted : { AI_PROVIDER: 'heuristic' }) }
    return await run(program, args, project, env)
  } finally {
    model.close()
  }
}

/** Throws when a text does not stand there exactly once, so that an edit cannot miss a template that changed. */
function replaceTexts(path: string, pairs: readonly (readonly [string, string])[]): void {
  let text = readFileSync(path, 'utf8')
  for (const [from, to] of pairs) {
    const parts = text.split(from)
    if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times: ${from}`)
    text = parts.join(to)
  }
  writeFileSync(path, text)
}

/** Takes a piece of the overlay away, and commits that, so that CI can have run what is left. */
export async function takeAway(piece: Piece, ground: Ground, step: string): Promise<void> {
  const { beside, variables } = readOverlay(step)
  if ('files' in piece) {
    const fresh = await freshGround(step)
    const [from, to] = beside === undefined ? [fresh.project, ground.project] : [fresh.folder, ground.folder]
    for (const path of piece.files) {
      if (!existsSync(join(to, path))) throw new Error(`${step}: there is no ${path} to take away`)
      rmSync(join(to, path), { recursive: true })
      if (existsSync(join(from, path))) {
        mkdirSync(dirname(join(to, path)), { recursive: true })
        cpSync(join(from, path), join(to, path), { recursive: true })
      }
    }
    commit(ground.project, 'Take it away')
  }
  if ('variable' in piece && variables[piece.variable] === undefined)
    throw new Error(`${step}: the overlay does not set ${piece.variable}`)
}

/** The gates of a step as `check` finds them, by id. Stand-ins answer for the commit that is checked out, without the piece that is missing, or with nothing yet. */
export function checkStep(
  ground: Ground,
  step: string,
  missing: Piece | 'nothing' | 'all' = 'nothing',
): Promise<Record<string, ShownGate>> {
  return withStandIns(ground, step, missing, async (run) => {
    const names = roadmap.steps.find(({ id }) => id === step)?.gates.map(({ id }) => `${step}/${id}`) ?? []
    const { result, error } = await run('check', ...names)
    if (result === null) throw new Error(error?.message)
    const { steps } = result as CheckResult
    return Object.fromEntries(steps.flatMap(({ gates }) => gates.map((gate) => [gate.id, gate])))
  })
}

interface Document {
  ok: boolean
  result: unknown
  error?: { message: string; exitCode: number }
}

/** Lets `work` run commands in the roadmap folder while stand-ins play GitHub and the deployed service. */
export async function withStandIns<T>(
  { folder, project }: Ground,
  step: string,
  missing: Piece | 'nothing' | 'all',
  work: (run: (...args: string[]) => Promise<Document>) => Promise<T>,
): Promise<T> {
  const { variables } = readOverlay(step)
  const isSet = (key: string) =>
    missing !== 'all' && (missing === 'nothing' || !('variable' in missing) || missing.variable !== key)
  const away = STAND_INS.filter(
    (name) =>
      missing === 'all' || (missing !== 'nothing' && 'standIn' in missing && missing.standIn === name),
  )
  const standIns = await startStandIns(project, away)
  try {
    for (const [key, value] of Object.entries(variables))
      setVariable(folder, key, isSet(key) ? value.replace('{server}', standIns.url) : undefined)
    const env = {
      GITHUB_API_URL: standIns.url,
      GITHUB_TOKEN: 'token-of-a-test',
      AI_ENG_STARTER_ALLOW_LOOPBACK: '1',
    }
    return await work(async (...args) => {
      const { stdout } = await cli([...args, '--json'], { cwd: folder, env })
      return JSON.parse(stdout)
    })
  } finally {
    standIns.close()
  }
}

function setVariable(folder: string, key: string, value: string | undefined): void {
  const path = join(folder, 'ai-eng.json')
  const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { schemaVersion: 1 }
  writeFileSync(path, JSON.stringify({ ...before, vars: { ...before.vars, [key]: value } }))
}

function commit(project: string, message: string): void {
  git(project, 'add', '--all')
  git(project, 'commit', '--quiet', '--allow-empty', '--message', message)
}

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Learner', '-c', 'user.email=learner@example.invalid', ...args], {
    cwd,
  })
}
