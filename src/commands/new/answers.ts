import {
  type Catalogue,
  type Choices,
  checkChoices,
  findTemplate,
  type Template,
} from '../../core/catalogue.ts'
import { UsageError } from '../../core/errors.ts'
import type { ProjectName } from '../../core/names.ts'
import type { Pack } from '../../core/sources.ts'
import type { Ask } from '../../io/ask.ts'
import { askInOrder } from '../ask-in-order.ts'
import { type Draft, listQuestions } from './questions.ts'
import { resolveTarget } from './resolve-target.ts'

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
  /** Whether to begin the first exercise; undefined asks, where there is a terminal. */
  build?: boolean
}

export interface Answers {
  template: Template
  /** Absolute. */
  directory: string
  name: ProjectName
  description: string
  choices: Choices
  /** Whether to begin the first exercise. */
  build: boolean
}

interface AskingWorld {
  catalogue: Catalogue
  ask: Ask | undefined
  packOf: (owner: string) => Pack
}

/**
 * Completes a request: asks only for what was not given, in the order milestone, project, directory,
 * options, how to start. Throws a UsageError for invalid answers and, without `ask`, for missing ones.
 */
export async function answerAll(
  request: NewRequest,
  { catalogue, ask, packOf }: AskingWorld,
): Promise<Answers> {
  const given = request.template === undefined ? undefined : findTemplate(catalogue, request.template)
  if (given) checkChoices(given.manifest, request.choices)
  if (!ask) refuseGaps(request, given, catalogue)
  const start: Draft = { choices: request.choices, ...(given && { template: given }) }
  const draft = ask ? await askInOrder(listQuestions(request, catalogue, packOf), start, ask) : start
  const { template } = draft
  if (!template) throw new Error('a gap was not refused')
  const text = draft.directory ?? request.directory ?? template.manifest.id
  return {
    template,
    ...resolveTarget(text, request.name, template),
    description: toOneLine(request.description ?? template.manifest.summary),
    choices: addDefaults(draft.choices, template),
    build: request.build ?? draft.build ?? false,
  }
}

function addDefaults(choices: Choices, { manifest }: Template): Choices {
  const options = Object.entries(manifest.options)
  return Object.fromEntries(options.map(([id, option]) => [id, choices[id] ?? option.default]))
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

/** Characters that reverse the direction of text would make a README read differently from its bytes. */
function toOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}
