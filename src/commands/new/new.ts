import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  quoteShellCommand,
  quoteShellWord,
} from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { resolveLayers } from '../../core/catalogue.ts'
import type { Outcome } from '../../core/outcome.ts'
import { type PlannedFile, planProject } from '../../core/plan.ts'
import { collectSources } from '../../core/sources.ts'
import { hashSha256 } from '../../io/hash.ts'
import { hasUnfinishedWork, inspectTarget, type Target } from '../../io/target.ts'
import { writeNew } from '../../io/write-new.ts'
import type { World } from '../world.ts'
import { type Answers, answerAll, type NewRequest } from './answers.ts'
import { INSTALL, type Prepared, prepareProject } from './prepare.ts'
import type { NewResult } from './result.ts'

/**
 * Generates a project. The outcome has a problem when all files are written but a later step failed or was
 * cancelled. For everything before that it throws a UserError or Cancelled, and writes no files.
 */
export async function createProject(request: NewRequest, world: World): Promise<Outcome<NewResult>> {
  const answers = await answerAll(request, world)
  const target = await findTarget(answers.directory, request)
  const files = planTree(answers, world)
  world.tell({ kind: 'decided', answers, files: files.length })
  const nothingWritten = { git: { status: 'skipped', reason: 'nothing was written' } } as const
  if (request.dryRun)
    return composeNew({ answers, files, request }, NOTHING_REPLACED, { ...NOT_PREPARED, ...nothingWritten })
  const written = await write(target, files, request, world)
  const project = { ...identify(answers), directory: target.directory, paths: files.map(({ path }) => path) }
  return composeNew({ answers, files, request }, written, await prepareProject(project, request, world))
}

/**
 * Completes a project whose run was killed after it had written all files, with the same request as that run.
 * Rejects as `createProject` does.
 */
export async function finishProject(request: NewRequest, world: World): Promise<Outcome<NewResult>> {
  const answers = await answerAll(request, world)
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

function planTree({ template, name, description, choices }: Answers, world: World): PlannedFile[] {
  const { catalogue, packOf } = world
  const layers = resolveLayers(catalogue.layers, template.manifest, choices)
  const sources = collectSources(template.manifest, choices, layers, packOf)
  const answers = { name, description, choices }
  return planProject({ template, version: catalogue.version, layers, sources, answers, hash: hashSha256 })
}

function identify({ template, name, directory }: Answers) {
  return { template: template.manifest.id, name: name.packageName, shown: shortenPath(directory) }
}

type Written = Pick<NewResult, 'replaced' | 'backup'>

const NOTHING_REPLACED: Written = { replaced: [], backup: null }
const NOT_PREPARED = { install: 'skipped', checks: [], problem: null } as const

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
  answers: Answers
  files: readonly PlannedFile[]
  request: NewRequest
}

async function composeNew(
  { answers, files, request }: Decided,
  written: Written,
  { problem, ...prepared }: Omit<Prepared, 'checks'> & { checks: readonly NewResult['checks'][number][] },
): Promise<Outcome<NewResult>> {
  const { template, name, shown } = identify(answers)
  const enter = shown === '.' ? [] : [`cd ${quoteShellWord(shown)}`]
  const install = prepared.install === 'done' ? [] : [INSTALL]
  const result = {
    template,
    name,
    directory: shown,
    options: answers.choices,
    build: answers.build,
    files: files.map(({ path, content, from }) => ({ path, size: content.length, from })),
    dryRun: request.dryRun,
    ...written,
    ...prepared,
    checks: [...prepared.checks],
    repeat: repeatCommand(answers, request, shown),
    next: [...enter, ...install, ...(await listFirstCommands(answers))],
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

function shortenPath(directory: string): string {
  const path = relative(process.cwd(), directory)
  if (path === '') return '.'
  return /^\.\.\/\.\.(\/|$)/.test(path) ? directory : path
}

function repeatCommand(answers: Answers, request: NewRequest, directory: string): string {
  const { template, choices } = answers
  const options = Object.entries(choices).flatMap(([id, value]) => [`--${id}`, value])
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
