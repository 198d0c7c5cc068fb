import { builtinModules } from 'node:module'
import { basename, resolve } from 'node:path'
import {
  type Catalogue,
  type Choices,
  checkChoices,
  findTemplate,
  listMilestoneTemplates,
  openMilestones,
  type Template,
} from '../../core/catalogue.ts'
import { UsageError } from '../../core/errors.ts'
import { type ProjectName, parseDirectory, parseProjectName } from '../../core/names.ts'
import type { Ask } from '../../io/ask.ts'

/** What was given on the command line. */
export interface NewRequest {
  template?: string
  directory?: string
  name?: string
  description?: string
  choices: Choices
  /** The package manager that `--pm` names; absent for the one that started this run. */
  pm?: string
  /** Use the default for everything that was not given. */
  yes: boolean
  install: boolean
  git: boolean
  dryRun: boolean
  force: boolean
  verify: boolean
}

export interface Answers {
  template: Template
  /** Absolute. */
  directory: string
  name: ProjectName
  description: string
  choices: Choices
  /** Whether anything had to be asked. */
  asked: boolean
}

/**
 * Completes a request: asks only for what was not given, in the order milestone, project, directory, options.
 * Throws a UsageError for invalid answers and, without `ask`, for missing ones.
 */
export async function answerAll(
  request: NewRequest,
  catalogue: Catalogue,
  ask: Ask | undefined,
): Promise<Answers> {
  const given = request.template === undefined ? undefined : findTemplate(catalogue, request.template)
  if (given) checkChoices(given.manifest, request.choices)
  if (!ask) refuseGaps(request, given, catalogue)
  const template = given ?? (await chooseTemplate(catalogue, requireAsk(ask)))
  checkChoices(template.manifest, request.choices)
  const taken = listTakenNames(template)
  const text = request.directory ?? (await chooseDirectory(request, template, ask, taken))
  const { directory, name } = resolveTarget(text, request.name, taken)
  const choices = await chooseOptions(request, template, ask)
  const description = toOneLine(request.description ?? template.manifest.summary)
  const asked =
    !request.yes &&
    (!given ||
      request.directory === undefined ||
      Object.keys(choices).length > Object.keys(request.choices).length)
  return { template, directory, name, description, choices, asked }
}

/**
 * Without a terminal, the CLI asks nothing and assumes nothing: the error names every missing answer at once.
 */
function refuseGaps(request: NewRequest, template: Template | undefined, catalogue: Catalogue): void {
  const needsDefault = (id: string) => !request.yes && request.choices[id] === undefined
  const gaps = [
    ...(template ? [] : ['[template]']),
    ...(request.directory !== undefined || (request.yes && template) ? [] : ['[directory]']),
    ...Object.keys(template?.manifest.options ?? {})
      .filter(needsDefault)
      .map((id) => `--${id}`),
  ]
  if (gaps.length === 0) return
  const templates = catalogue.templates.map(({ manifest }) => manifest.id).join(', ')
  const hint = template ? 'Add them, or --yes to take the defaults' : `Add them; templates: ${templates}`
  throw new UsageError(`Missing ${gaps.join(' ')}, and without a terminal it cannot ask`, hint)
}

async function chooseTemplate(catalogue: Catalogue, ask: Ask): Promise<Template> {
  const milestones = openMilestones(catalogue).map(({ id, title, days }) => ({
    value: id,
    label: `${id}  ${title}`,
    hint: `days ${days}`,
  }))
  const milestone = await ask.choose('Which milestone are you on?', milestones)
  const projects = listMilestoneTemplates(catalogue, milestone).map(({ manifest }) => ({
    value: manifest.id,
    label: manifest.title,
    hint: manifest.summary,
  }))
  return findTemplate(catalogue, await ask.choose('Which project?', projects))
}

async function chooseDirectory(
  { yes, name }: NewRequest,
  { manifest }: Template,
  ask: Ask | undefined,
  taken: ReadonlySet<string>,
) {
  if (yes) return manifest.id
  return requireAsk(ask).line('Which directory?', manifest.id, (text) =>
    findProblem(() => resolveTarget(text, name, taken)),
  )
}

async function chooseOptions(
  { choices, yes }: NewRequest,
  { manifest }: Template,
  ask: Ask | undefined,
): Promise<Choices> {
  const answers: Choices = {}
  for (const [id, option] of Object.entries(manifest.options)) {
    const values = Object.entries(option.values).map(([value, { title }]) => ({
      value,
      label: value,
      hint: title,
    }))
    answers[id] =
      choices[id] ??
      (yes ? option.default : await requireAsk(ask).choose(option.title, values, option.default))
  }
  return answers
}

/**
 * The directory as an absolute path, and the project's name: `--name`, or the last segment of the directory.
 */
function resolveTarget(
  text: string,
  name: string | undefined,
  taken: ReadonlySet<string>,
): { directory: string; name: ProjectName } {
  const requested = parseDirectory(text)
  const directory = resolve(requested.path)
  const nameText = name ?? requested.scopedName ?? basename(directory)
  const parsed = parseProjectName(nameText, taken)
  if (name === undefined || requested.isCurrent) return { directory, name: parsed }
  parseProjectName(basename(directory), new Set())
  return { directory, name: parsed }
}

function findProblem(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.hint].filter(Boolean).join('. ')
    throw error
  }
}

/** A project with one of these names would import itself. */
function listTakenNames({ dependencies }: Template): ReadonlySet<string> {
  return new Set([...builtinModules, ...dependencies])
}

/** Characters that reverse the direction of text would make a README read differently from its bytes. */
function toOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}

function requireAsk(ask: Ask | undefined): Ask {
  if (!ask) throw new Error('a gap was not refused')
  return ask
}
