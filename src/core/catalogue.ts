import { UsageError } from './errors.ts'
import type { OptionManifest, TemplateManifest } from './manifest.ts'
import { escapeInvisible, findNearest } from './text.ts'

/**
 * Everything the package knows about its templates, without their contents. Scanned and validated from `templates/` at build
 * time and baked into `dist/`, so that no run of the CLI has to validate it again.
 */
export interface Catalogue {
  version: string
  /** Of the roadmap only what `new` and `list` show; the rest is in a file of its own, which they need not read. */
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
  /** Names of every package that a project of this template may depend on. */
  dependencies: string[]
}

export type Choices = Record<string, string>

export function findTemplate(catalogue: Catalogue, id: string): Template {
  const found = catalogue.templates.find((template) => template.manifest.id === id)
  if (found) return found
  const ids = catalogue.templates.map((template) => template.manifest.id)
  throw refuseName('template', id, ids)
}

export function listMilestoneTemplates(catalogue: Catalogue, milestone: string): Template[] {
  return catalogue.templates.filter((template) => template.manifest.milestone === milestone)
}

/** Milestones that have at least one template, in the roadmap's order. */
export function openMilestones(catalogue: Catalogue): ListedMilestone[] {
  return catalogue.milestones.filter(
    (milestone) => listMilestoneTemplates(catalogue, milestone.id).length > 0,
  )
}

/** Every option id of any template: they are flags of `new`. */
export function listOptionIds(catalogue: Catalogue): string[] {
  return [
    ...new Set(catalogue.templates.flatMap((template) => Object.keys(template.manifest.options))),
  ].sort()
}

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
      ? `It has: ${own.map((name) => `--${name}`).join(', ')}`
      : 'It has no options; leave the flag out'
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

/** The layers of a project: those that the template names, those that the choices bring, and everything they require, required ones first. */
export function resolveLayers(
  known: readonly Layer[],
  template: TemplateManifest,
  choices: Choices,
): Layer[] {
  const chosen = Object.entries(template.options).flatMap(
    ([id, option]) => findChosen(option, choices[id]).layers,
  )
  return requireLayers(known, [...template.layers, ...chosen])
}

/** The named layers and everything they require, each once, required ones first. Throws an Error for a layer that is not known. */
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

/** Every layer that a project of this template may have, whatever is chosen. */
export function listNamedLayers({ layers, options }: TemplateManifest): string[] {
  const optional = Object.values(options).flatMap((option) =>
    Object.values(option.values).flatMap((value) => value.layers),
  )
  return [...new Set([...layers, ...optional])]
}

/** Every combination of choices that has a lock file of its own. */
export function listLockedChoices({ options }: TemplateManifest): Choices[] {
  const deciding = Object.entries(options).find(([, option]) => option.changesDependencies)
  return deciding ? Object.keys(deciding[1].values).map((value) => ({ [deciding[0]]: value })) : [{}]
}

/** The lock file that fits the choices: one per value of the option that changes dependencies, else `default`. */
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

/** Of a project's choices those that hold for the next one too: of options that every template has, with a value that this one knows. */
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
