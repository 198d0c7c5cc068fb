import { UsageError } from './errors.ts'
import type { OptionManifest, TemplateManifest } from './manifest.ts'
import type { ManagerName } from './pm/name.ts'
import { escapeInvisible, findNearest } from './text.ts'

/**
 * Everything the package knows about its templates, without their contents. The build scans `templates/`,
 * validates it and bakes the result into `dist/`, so that no run of the CLI has to validate it again.
 */
export interface Catalogue {
  version: string
  /**
   * Only what `new` and `list` show; they need not read the rest of the roadmap, which is in its own file.
   */
  milestones: ListedMilestone[]
  layers: Layer[]
  templates: Template[]
}

export interface Layer {
  id: string
  summary: string
  requires: string[]
}

interface ListedMilestone {
  id: string
  title: string
  days: string
  summary: string
}

export interface Template {
  manifest: TemplateManifest
  /** Names of all packages that a project of this template may depend on. */
  dependencies: string[]
}

export type Choices = Record<string, string>

/** Throws a UsageError for an unknown template, with the nearest name. */
export function findTemplate(catalogue: Catalogue, id: string): Template {
  const found = catalogue.templates.find((template) => template.manifest.id === id)
  if (found) return found
  const ids = catalogue.templates.map((template) => template.manifest.id)
  throw refuseName('template', id, ids)
}

export function listMilestoneTemplates(catalogue: Catalogue, milestone: string): Template[] {
  return catalogue.templates.filter((template) => template.manifest.milestone === milestone)
}

/** Milestones that have at least one template, in the order of the roadmap. */
export function openMilestones(catalogue: Catalogue): ListedMilestone[] {
  return catalogue.milestones.filter(
    (milestone) => listMilestoneTemplates(catalogue, milestone.id).length > 0,
  )
}

/** Ids of all options of all templates; each is a flag of `new`. */
export function listOptionIds(catalogue: Catalogue): string[] {
  return [
    ...new Set(catalogue.templates.flatMap((template) => Object.keys(template.manifest.options))),
  ].sort()
}

/**
 * Returns the given choices. Throws a UsageError for an option or a value that the template does not have.
 */
export function checkChoices(template: TemplateManifest, given: Choices): Choices {
  for (const [id, value] of Object.entries(given)) {
    const option = Object.hasOwn(template.options, id) ? template.options[id] : undefined
    if (!option) throw refuseOption(template, id)
    if (!Object.hasOwn(option.values, value))
      throw refuseName(`value for --${id}`, value, Object.keys(option.values))
  }
  return given
}

function refuseOption(template: TemplateManifest, id: string): UsageError {
  const own = Object.keys(template.options)
  const has =
    own.length > 0
      ? `Its options: ${own.map((name) => `--${name}`).join(', ')}`
      : 'It has no options; remove the flag'
  return new UsageError(`The template ${template.id} has no option --${id}`, has)
}

function refuseName(what: string, name: string, known: readonly string[]): UsageError {
  const guess = findNearest(name, known)
  const hint = `Known: ${known.join(', ')}`
  return new UsageError(
    `Unknown ${what} "${escapeInvisible(name.slice(0, 80))}"`,
    guess ? `Did you mean ${guess}? ${hint}` : hint,
  )
}

/**
 * The layers of a project: those that the template names, those that the choices add, that of its package
 * manager, and everything that these require, required layers first. Throws an Error for an unknown layer or an unchecked choice.
 */
export function resolveLayers(
  known: readonly Layer[],
  template: TemplateManifest,
  choices: Choices,
  manager: ManagerName = 'npm',
): Layer[] {
  const chosen = Object.entries(template.options).flatMap(
    ([id, option]) => findChosen(option, choices[id]).layers,
  )
  const managing = manager === 'npm' ? [] : [`pm-${manager}`]
  return requireLayers(known, [...template.layers, ...chosen, ...managing])
}

/**
 * The named layers and everything that they require, each once, required layers first. Throws an Error for an
 * unknown layer.
 */
export function requireLayers(known: readonly Layer[], names: readonly string[]): Layer[] {
  const found = new Set<Layer>()
  for (const name of names) {
    const layer = known.find(({ id }) => id === name)
    if (!layer) throw new Error(`there is no layer ${name}`)
    const below = layer.requires.filter((id) => id !== name)
    for (const required of requireLayers(known, below)) found.add(required)
    found.add(layer)
  }
  return [...found]
}

/** Every layer that a project of this template can have, whatever the choices. */
export function listNamedLayers({ layers, options }: TemplateManifest): string[] {
  const optional = Object.values(options).flatMap((option) =>
    Object.values(option.values).flatMap((value) => value.layers),
  )
  return [...new Set([...layers, ...optional])]
}

/** Every combination of choices that has its own lock file. */
export function listLockedChoices({ options }: TemplateManifest): Choices[] {
  const deciding = Object.entries(options).find(([, option]) => option.changesDependencies)
  return deciding ? Object.keys(deciding[1].values).map((value) => ({ [deciding[0]]: value })) : [{}]
}

/** The lock file for the choices: one per value of the option that changes dependencies, else `default`. */
export function findLock(template: TemplateManifest, choices: Choices): string {
  const deciding = Object.entries(template.options).find(([, option]) => option.changesDependencies)
  if (!deciding) return 'locks/default.json'
  const [id, option] = deciding
  return `locks/${choices[id] ?? option.default}.json`
}

function findChosen(option: OptionManifest, value: string | undefined): OptionManifest['values'][string] {
  const chosen = option.values[value ?? option.default]
  if (!chosen) throw new Error(`option value ${value} was not checked`)
  return chosen
}

/**
 * The choices of a project that also apply to the next one: options that every template has, with a value
 * that the next template knows.
 */
export function carryChoices(
  { templates }: Catalogue,
  { options }: TemplateManifest,
  choices: Choices,
): Choices {
  const isCarried = ([id, value]: [string, string]) =>
    templates.every(({ manifest }) => Object.hasOwn(manifest.options, id)) &&
    Object.hasOwn(options[id]?.values ?? {}, value)
  return Object.fromEntries(Object.entries(choices).filter(isCarried))
}
