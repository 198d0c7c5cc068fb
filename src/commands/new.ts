import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Catalogue, Choices } from '../core/catalogue.ts'
import { checkSteps } from '../core/check-steps.ts'
import { Cancelled, UserError } from '../core/errors.ts'
import { type PlannedFile, planProject } from '../core/plan.ts'
import { type Pack, sourcesOf } from '../core/sources.ts'
import { shellLine, shellWord } from '../core/text.ts'
import type { Ask } from '../io/ask.ts'
import type { GitOutcome } from '../io/git.ts'
import { hasUnfinishedWork, inspectTarget, type Target } from '../io/target.ts'
import { writeNew } from '../io/write-new.ts'
import { type Answers, answerAll, type NewRequest } from './answers.ts'

export type { NewRequest } from './answers.ts'

/** All that the command reaches besides its request; a test passes its own. */
export interface NewWorld {
  catalogue: Catalogue
  packOf(owner: string): Pack
  /** Absent: nothing may be asked. */
  ask: Ask | undefined
  /** Aborted with a `Cancelled` as its reason. */
  signal: AbortSignal
  env: NodeJS.ProcessEnv
  now(): Date
  tell(event: NewEvent): void
}

/** What happens while the command runs, in order. */
export type NewEvent =
  | { kind: 'decided'; answers: Answers; files: number }
  | { kind: 'written'; directory: string; files: number; backup: string | undefined }
  | { kind: 'git'; outcome: GitOutcome }
  | { kind: 'installing' }
  | { kind: 'install-line'; line: string }
  | { kind: 'installed'; ok: boolean }
  | { kind: 'checking'; step: string }
  | { kind: 'checked'; step: string; ok: boolean; seconds: number; output: string }

export interface NewResult {
  template: string
  name: string
  /** As the user would type it: relative to the current directory when below it. */
  directory: string
  options: Choices
  /** What `--dry-run` lists: bytes, and the layers and template that the content comes from. */
  files: { path: string; size: number; from: string[] }[]
  dryRun: boolean
  replaced: string[]
  backup: string | null
  git: GitOutcome
  install: 'done' | 'skipped' | 'failed' | 'interrupted'
  checks: { step: string; ok: boolean; seconds: number }[]
  /** Arguments that repeat the run without questions. */
  repeat: string
  /** Commands to paste, in order. */
  next: string[]
}

const INSTALL = 'npm ci'

/** Generates a project. Resolves when everything that was asked for is there; otherwise throws, with the tree absent or complete. */
export async function newProject(request: NewRequest, world: NewWorld): Promise<NewResult> {
  const answers = await answerAll(request, world.catalogue, world.ask)
  const target = await findTarget(answers.directory, request)
  const files = plan(answers, world)
  world.tell({ kind: 'decided', answers, files: files.length })
  const result = describe(answers, files, request)
  if (request.dryRun) return result
  await write(result, target, files, world)
  const options = { directory: target.directory, signal: world.signal }
  if (request.git) await commit(result, options, world)
  if (request.install || request.verify) await install(result, options, world)
  if (request.verify) await verify(result, options, world)
  return result
}

/** What a killed run left half-written in an existing directory is rolled back before anybody looks at it. */
async function findTarget(directory: string, { force, dryRun }: NewRequest): Promise<Target> {
  if (!dryRun && hasUnfinishedWork(directory)) {
    const { recover } = await import('../io/write-into.ts')
    await recover(directory)
  }
  return inspectTarget(directory, { force })
}

function plan({ template, name, description, choices }: Answers, world: NewWorld): PlannedFile[] {
  const { catalogue, packOf } = world
  const sources = sourcesOf(template.manifest, choices, packOf)
  const answers = { name, description, choices }
  return planProject({ template, version: catalogue.version, sources, answers })
}

function describe(answers: Answers, files: readonly PlannedFile[], request: NewRequest): NewResult {
  const directory = shownPath(answers.directory)
  const enter = directory === '.' ? [] : [`cd ${shellWord(directory)}`]
  return {
    template: answers.template.manifest.id,
    name: answers.name.packageName,
    directory,
    options: answers.choices,
    files: files.map(({ path, content, from }) => ({ path, size: content.length, from })),
    dryRun: request.dryRun,
    replaced: [],
    backup: null,
    git: { status: 'skipped', reason: request.git ? 'nothing was written' : '--no-git' },
    install: 'skipped',
    checks: [],
    repeat: repeatCommand(answers, request, directory),
    next: [...enter, INSTALL, ...answers.template.manifest.next],
  }
}

function shownPath(directory: string): string {
  const path = relative(process.cwd(), directory)
  if (path === '') return '.'
  return path.startsWith('..') ? directory : path
}

function repeatCommand({ template, choices }: Answers, request: NewRequest, directory: string): string {
  const options = Object.entries(choices).flatMap(([id, value]) => [`--${id}`, value])
  const named = request.name === undefined ? [] : ['--name', request.name]
  const described = request.description === undefined ? [] : ['--description', request.description]
  const flags = [
    ...(request.install ? [] : ['--no-install']),
    ...(request.git ? [] : ['--no-git']),
    ...(request.force ? ['--force'] : []),
    ...(request.verify ? ['--verify'] : []),
  ]
  return shellLine(['new', template.manifest.id, directory, ...options, ...named, ...described, ...flags])
}

async function write(
  result: NewResult,
  target: Target,
  files: readonly PlannedFile[],
  { signal, now, tell }: NewWorld,
): Promise<void> {
  const { directory } = target
  if (target.existing) {
    const { writeInto } = await import('../io/write-into.ts')
    const { replaced, backup } = await writeInto(directory, files, { signal, now: now() })
    Object.assign(result, { replaced, backup: backup ?? null })
  } else {
    await writeNew(directory, files, signal)
  }
  tell({ kind: 'written', directory, files: files.length, backup: result.backup ?? undefined })
}

interface Running {
  directory: string
  signal: AbortSignal
}

async function commit(result: NewResult, options: Running, { tell }: NewWorld): Promise<void> {
  const { commitFirst } = await import('../io/git.ts')
  const message = `Start ${result.name} from ai-eng-starter's ${result.template} template`
  const paths = result.files.map(({ path }) => path)
  result.git = await keepingTree(result, 'git init', () => commitFirst(options, message, paths))
  tell({ kind: 'git', outcome: result.git })
}

async function install(result: NewResult, options: Running, { tell, env }: NewWorld): Promise<void> {
  const { npmInstall } = await import('../io/npm.ts')
  tell({ kind: 'installing' })
  result.install = 'interrupted'
  const onLine = (line: string) => tell({ kind: 'install-line', line })
  const { ok, reason, output } = await keepingTree(result, 'npm ci', () =>
    npmInstall({ ...options, onLine }, env),
  )
  result.install = ok ? 'done' : 'failed'
  if (ok) result.next = result.next.filter((command) => command !== INSTALL)
  tell({ kind: 'installed', ok })
  if (!ok)
    throw new UserError(`npm ci ${reason}${lastError(output)}`, resume(result, 'npm ci'), { done: result })
}

/** The repo's own `check` script, one step after the other, so that the first failure has a name. */
async function verify(result: NewResult, options: Running, { tell, now }: NewWorld): Promise<void> {
  const { npmRun } = await import('../io/npm.ts')
  for (const step of stepsOf(options.directory)) {
    tell({ kind: 'checking', step })
    const start = now().getTime()
    const { ok, reason, output } = await keepingTree(result, `npm run ${step}`, () => npmRun(step, options))
    const seconds = Math.round((now().getTime() - start) / 100) / 10
    result.checks.push({ step, ok, seconds })
    tell({ kind: 'checked', step, ok, seconds, output })
    if (!ok)
      throw new UserError(`npm run ${step} ${reason} in the new project`, resume(result, `npm run ${step}`), {
        done: result,
      })
  }
}

function stepsOf(directory: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    scripts: { check: string }
  }
  return checkSteps(scripts.check)
}

/** The tree is complete by now, so a cancel keeps it and says how to go on. */
async function keepingTree<T>(result: NewResult, command: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
    throw new Cancelled(error.signal, resume(result, command), result)
  }
}

function resume({ directory }: NewResult, command: string): string {
  const enter = directory === '.' ? '' : `cd ${shellWord(directory)} && `
  return `The project is complete. To go on: ${enter}${command}`
}

/** npm's own reason: the last line that it marked as an error, without its log file's path. */
function lastError(output: string): string {
  const errors = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!) /.test(line) && !/complete log|A complete/.test(line))
  const first = errors.find((line) => !/^npm (error|ERR!) code /.test(line))
  return first ? `: ${first.replace(/^npm (error|ERR!) /, '')}` : ''
}
