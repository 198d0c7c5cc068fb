import {
  type Catalogue,
  type Choices,
  checkChoices,
  findTemplate,
  listMilestoneTemplates,
  listOptionIds,
  openMilestones,
  type Template,
} from '../../core/catalogue.ts'
import { readExercises } from '../../core/exercises/baked.ts'
import type { Pack } from '../../core/sources.ts'
import { type Ask, BACK } from '../../io/ask.ts'
import type { Question } from '../ask-in-order.ts'
import { findTargetProblem, findTextProblem, resolveTarget } from './resolve-target.ts'

/** What was given on the command line, as far as it decides what is asked. */
interface GivenAnswers {
  template?: string
  directory?: string
  name?: string
  choices: Choices
  yes: boolean
  force: boolean
  build?: boolean
  git: boolean
  dryRun: boolean
}

/** The answers so far. */
export interface Draft {
  milestone?: string
  template?: Template
  /** As typed. */
  directory?: string
  choices: Choices
  /** Whether to begin the first exercise. */
  build?: boolean
}

/** Every question that `new` may ask, in order; each is passed over when its answer was given. */
export function listQuestions(
  request: GivenAnswers,
  catalogue: Catalogue,
  packOf: (owner: string) => Pack,
): Question<Draft>[] {
  return [
    (draft, ask) => askMilestone(draft, ask, request, catalogue),
    (draft, ask) => askProject(draft, ask, request, catalogue),
    (draft, ask) => askDirectory(draft, ask, request),
    ...listOptionIds(catalogue).map(
      (id): Question<Draft> =>
        (draft, ask) =>
          askOption(id, draft, ask, request),
    ),
    (draft, ask) => askStart(draft, ask, request, packOf),
  ]
}

async function askMilestone(draft: Draft, ask: Ask, { template }: GivenAnswers, catalogue: Catalogue) {
  if (template !== undefined) return undefined
  const milestones = openMilestones(catalogue).map(({ id, title, days }) => ({
    value: id,
    label: `${id}  ${title}`,
    hint: `days ${days}`,
  }))
  const milestone = await ask.choose('Which milestone are you on?', milestones, draft.milestone)
  return milestone === BACK ? BACK : { ...draft, milestone }
}

async function askProject(draft: Draft, ask: Ask, request: GivenAnswers, catalogue: Catalogue) {
  if (request.template !== undefined) return undefined
  const known = listMilestoneTemplates(catalogue, draft.milestone ?? '')
  const projects = known.map(({ manifest }) => ({
    value: manifest.id,
    label: manifest.title,
    hint: manifest.summary,
  }))
  const earlier = draft.template && known.includes(draft.template) ? draft.template.manifest.id : undefined
  const id = await ask.choose('Which project?', projects, earlier)
  if (id === BACK) return BACK
  const template = findTemplate(catalogue, id)
  checkChoices(template.manifest, request.choices)
  // A directory and options that were chosen for another template are not suggested for this one.
  return id === earlier
    ? { ...draft, template }
    : { milestone: draft.milestone ?? '', template, choices: request.choices }
}

/** On a terminal, a given directory that is taken is asked for again, before any question after it. */
async function askDirectory(draft: Draft, ask: Ask, request: GivenAnswers) {
  const { template } = draft
  const { name, force, yes, directory: given } = request
  if (!template || yes) return undefined
  const taken =
    given === undefined ? undefined : findTargetProblem(resolveTarget(given, name, template).directory, force)
  if (given !== undefined && taken === undefined) return undefined
  const findProblem = (text: string) => findTextProblem(text, request, template)
  const message = taken === undefined ? 'Which directory?' : `${taken}. Which directory?`
  const suggested = draft.directory ?? suggestDirectory(given ?? template.manifest.id, findProblem)
  const directory = await ask.line(message, suggested, findProblem)
  return directory === BACK ? BACK : { ...draft, directory }
}

const MOST_TRIED = 20

/** The wanted name if it is free, else the first free one of `NAME-2`, `NAME-3` and so on. */
function suggestDirectory(wanted: string, findProblem: (text: string) => string | undefined): string {
  const numbered = Array.from({ length: MOST_TRIED }, (_, index) => `${wanted}-${index + 2}`)
  return [wanted, ...numbered].find((text) => findProblem(text) === undefined) ?? wanted
}

async function askOption(id: string, draft: Draft, ask: Ask, request: GivenAnswers) {
  const option = draft.template?.manifest.options[id]
  if (!option || request.yes || request.choices[id] !== undefined) return undefined
  const values = Object.entries(option.values).map(([value, { title }]) => ({
    value,
    label: value,
    hint: title,
  }))
  const value = await ask.choose(option.title, values, draft.choices[id] ?? option.default)
  return value === BACK ? BACK : { ...draft, choices: { ...draft.choices, [id]: value } }
}

/** An exercise needs a commit to start from. */
async function askStart(draft: Draft, ask: Ask, request: GivenAnswers, packOf: (owner: string) => Pack) {
  const { build, yes, git, dryRun } = request
  if (!draft.template || build !== undefined || yes || !git || dryRun) return undefined
  const [first] = readExercises(packOf(draft.template.manifest.id))
  if (!first) return undefined
  const ways = [
    {
      value: 'build',
      label: 'build the core yourself (recommended)',
      hint: `first: ${first.title.toLowerCase()}, about ${first.minutes} minutes`,
    },
    { value: 'finished', label: 'the finished repo', hint: 'ai-eng-starter build is there when you want it' },
  ]
  const way = await ask.choose(
    'How do you want to start?',
    ways,
    draft.build === false ? 'finished' : 'build',
  )
  return way === BACK ? BACK : { ...draft, build: way === 'build' }
}
