import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { quoteShellCommand, quoteShellWord } from '../../templates/_shared/console/files/kit/console/shell.ts'
import { type Catalogue, type Choices, resolveLayers } from '../core/catalogue.ts'
import { type PlannedFile, planProject } from '../core/plan.ts'
import { type Pack, sourcesOf } from '../core/sources.ts'
import type { Ask } from '../io/ask.ts'
import type { GitOutcome } from '../io/git.ts'
import { hasUnfinishedWork, inspectTarget, type Target } from '../io/target.ts'
import { writeNew } from '../io/write-new.ts'
import { type Answers, answerAll, type NewRequest } from './answers.ts'
import { INSTALL, prepare } from './prepare.ts'

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
  /** As the user would type it: relative to the current directory when below or beside it. */
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

/** Generates a project. Resolves when everything that was asked for is there; otherwise throws, with the tree absent or complete. */
export async function newProject(request: NewRequest, world: NewWorld): Promise<NewResult> {
  const answers = await answerAll(request, world.catalogue, world.ask)
  const target = await findTarget(answers.directory, request)
  const files = plan(answers, world)
  world.tell({ kind: 'decided', answers, files: files.length })
  const result = describe(answers, files, request)
  if (request.dryRun) return result
  await write(result, target, files, world)
  return prepare(result, target.directory, request, world)
}

/** Goes on where a run of `newProject` with the same request was killed: the tree is there already, whole. */
export async function finishProject(request: NewRequest, world: NewWorld): Promise<NewResult> {
  const answers = await answerAll(request, world.catalogue, world.ask)
  const files = plan(answers, world).filter(({ path }) => existsSync(join(answers.directory, path)))
  world.tell({ kind: 'decided', answers, files: files.length })
  return prepare(describe(answers, files, request), answers.directory, request, world)
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
  const layers = resolveLayers(catalogue.layers, template.manifest, choices)
  const sources = sourcesOf(template.manifest, choices, layers, packOf)
  const answers = { name, description, choices }
  return planProject({ template, version: catalogue.version, layers, sources, answers })
}

function describe(answers: Answers, files: readonly PlannedFile[], request: NewRequest): NewResult {
  const directory = shownPath(answers.directory)
  const enter = directory === '.' ? [] : [`cd ${quoteShellWord(directory)}`]
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
  return /^\.\.\/\.\.(\/|$)/.test(path) ? directory : path
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
  return quoteShellCommand([
    'new',
    template.manifest.id,
    directory,
    ...options,
    ...named,
    ...described,
    ...flags,
  ])
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
