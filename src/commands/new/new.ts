import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  quoteShellCommand,
  quoteShellWord,
} from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { resolveLayers } from '../../core/catalogue.ts'
import type { Outcome } from '../../core/outcome.ts'
import { type PlannedFile, planProject } from '../../core/plan.ts'
import { translateCommands } from '../../core/pm/commands.ts'
import { formatManager, NPM, type PackageManager } from '../../core/pm/name.ts'
import { findWords } from '../../core/pm/words.ts'
import { collectSources } from '../../core/sources.ts'
import { hashSha256 } from '../../io/hash.ts'
import { hasUnfinishedWork, inspectTarget, type Target } from '../../io/target.ts'
import { findWorkspace } from '../../io/workspace.ts'
import { writeNew } from '../../io/write-new.ts'
import type { World } from '../world.ts'
import { type Answers, answerAll, type NewRequest } from './answers.ts'
import { chooseManager } from './choose-pm.ts'
import { describeImport } from './lock.ts'
import { type Prepared, prepareProject } from './prepare.ts'
import type { LockOutcome, NewResult } from './result.ts'

/**
 * Generates a project. The outcome has a problem when all files are written but a later step failed or was
 * cancelled. For everything before that it throws a UserError or Cancelled, and writes no files.
 */
export async function createProject(request: NewRequest, world: World): Promise<Outcome<NewResult>> {
  const answers = await decide(request, world)
  const target = await findTarget(answers.directory, request)
  const files = planTree(answers, world)
  world.tell({ kind: 'decided', answers, files: files.length })
  if (request.dryRun)
    return composeNew({ answers, files, request }, NOTHING_REPLACED, describeUnprepared(answers.manager))
  const written = await write(target, files, request, world)
  const project = { ...identify(answers), directory: target.directory, paths: files.map(({ path }) => path) }
  return composeNew({ answers, files, request }, written, await prepareProject(project, request, world))
}

/**
 * Completes a project whose run was killed after it had written all files, with the same request as that run.
 * Rejects as `createProject` does.
 */
export async function finishProject(request: NewRequest, world: World): Promise<Outcome<NewResult>> {
  const answers = await decide(request, world)
  const files = planTree(answers, world).filter(({ path }) => existsSync(join(answers.directory, path)))
  world.tell({ kind: 'decided', answers, files: files.length })
  const { directory } = answers
  const project = { ...identify(answers), directory, paths: files.map(({ path }) => path) }
  return composeNew(
    { answers, files, request },
    NOTHING_REPLACED,
    await prepareProject(project, request, world),
  )
}

/**
 * Rolls back what a killed run left half-written in an existing directory, before that directory is
 * inspected.
 */
async function findTarget(directory: string, { force, dryRun }: NewRequest): Promise<Target> {
  if (!dryRun && hasUnfinishedWork(directory)) {
    const { recover } = await import('../../io/write-into.ts')
    await recover(directory)
  }
  return inspectTarget(directory, { force })
}

interface Decisions extends Answers {
  manager: PackageManager
  /** The command that installs exactly what the lock file lists. */
  ci: string
}

/** Completes the request, and says when the project will be inside a workspace, where managers install otherwise. */
async function decide(request: NewRequest, world: World): Promise<Decisions> {
  const manager = await chooseManager(request.pm, world)
  const answers = await answerAll(request, world)
  const workspace = findWorkspace(answers.directory)
  const { ci, ciAlone } = findWords(manager)
  if (workspace === undefined) return { ...answers, manager, ci }
  world.tell({ kind: 'workspace', root: workspace, option: ciAlone })
  return { ...answers, manager, ci: `${ci} ${ciAlone}`.trim() }
}

function planTree({ template, name, description, choices, manager }: Decisions, world: World): PlannedFile[] {
  const { catalogue, packOf } = world
  const layers = resolveLayers(catalogue.layers, template.manifest, choices, manager.name)
  const sources = collectSources(template.manifest, choices, layers, packOf)
  const answers = { name, description, choices }
  const { version } = catalogue
  return planProject({ template, version, layers, sources, answers, manager, hash: hashSha256 })
}

function identify({ template, name, directory, manager, ci }: Decisions) {
  const shown = shortenPath(directory)
  return { template: template.manifest.id, name: name.packageName, shown, manager, ci }
}

type Written = Pick<NewResult, 'replaced' | 'backup'>

const NOTHING_REPLACED: Written = { replaced: [], backup: null }

function describeUnprepared(manager: PackageManager): Prepared {
  const reason = 'nothing was written'
  const status = manager.name === NPM.name ? 'shipped' : 'todo'
  const lock: LockOutcome = { status, file: findWords(manager).lock, reason }
  return { lock, git: { status: 'skipped', reason }, install: 'skipped', checks: [], problem: null }
}

async function write(
  { directory, existing }: Target,
  files: readonly PlannedFile[],
  { force }: NewRequest,
  { signal, now, tell }: World,
): Promise<Written> {
  let written = NOTHING_REPLACED
  if (existing) {
    const { writeInto } = await import('../../io/write-into.ts')
    const { replaced, backup } = await writeInto(directory, files, { signal, now: now(), force })
    written = { replaced, backup: backup ?? null }
  } else {
    await writeNew(directory, files, signal)
  }
  tell({ kind: 'written', directory, files: files.length, backup: written.backup })
  return written
}

interface Decided {
  answers: Decisions
  files: readonly PlannedFile[]
  request: NewRequest
}

async function composeNew(
  { answers, files, request }: Decided,
  written: Written,
  { problem, ...prepared }: Prepared,
): Promise<Outcome<NewResult>> {
  const { template, name, shown } = identify(answers)
  const result = {
    template,
    name,
    directory: shown,
    options: answers.choices,
    build: answers.build,
    packageManager: formatManager(answers.manager),
    files: files.map(({ path, content, from }) => ({ path, size: content.length, from })),
    dryRun: request.dryRun,
    ...written,
    ...prepared,
    repeat: repeatCommand(answers, request, shown),
    next: await listNext(answers, prepared, shown),
  }
  return { result, problem }
}

/** The template's first commands; next to a project that it can work with, those about that project. */
async function listFirstCommands({ template, directory }: Answers): Promise<string[]> {
  const { next, neighbour } = template.manifest
  if (Object.keys(neighbour).length === 0) return next
  const { listNeighbours } = await import('../../io/neighbours.ts')
  const neighbours = listNeighbours(directory)
  const found = Object.keys(neighbour).flatMap((id) => neighbours.find((one) => one.template === id) ?? [])[0]
  if (!found) return next
  const way = quoteShellWord(`../${found.name}`)
  return (neighbour[found.template] ?? next).map((command) => command.replaceAll('{neighbour}', way))
}

/** Commands to paste, in order. */
async function listNext(
  answers: Decisions,
  { lock, install }: Pick<Prepared, 'lock' | 'install'>,
  shown: string,
): Promise<string[]> {
  const { manager } = answers
  const words = findWords(manager)
  const next = await listFirstCommands(answers)
  return [
    ...(shown === '.' ? [] : [`cd ${quoteShellWord(shown)}`]),
    ...(lock.status === 'todo' ? [describeImport(manager)] : []),
    ...(install === 'done' ? [] : [answers.ci]),
    ...(manager.name === NPM.name ? next : next.map((command) => translateCommands(command, words))),
  ]
}

function shortenPath(directory: string): string {
  const path = relative(process.cwd(), directory)
  if (path === '') return '.'
  return /^\.\.\/\.\.(\/|$)/.test(path) ? directory : path
}

function repeatCommand(answers: Decisions, request: NewRequest, directory: string): string {
  const { template, choices, manager } = answers
  const pm = manager.name === NPM.name ? [] : ['--pm', manager.name]
  const options = [...Object.entries(choices).flatMap(([id, value]) => [`--${id}`, value]), ...pm]
  const named = request.name === undefined ? [] : ['--name', request.name]
  const described = request.description === undefined ? [] : ['--description', request.description]
  const flags = [
    ...(request.install ? [] : ['--no-install']),
    ...(request.git ? [] : ['--no-git']),
    ...(request.force ? ['--force'] : []),
    ...(request.verify ? ['--verify'] : []),
    ...(answers.build ? ['--build'] : []),
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
