import { type Catalogue, listOptionIds } from '../../core/catalogue.ts'
import { type CompletedVerb, parseArgument, parseFlags, type Suggestion } from '../../core/completion.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import { MANAGER_NAMES } from '../../core/pm/name.ts'
import type { Roadmap } from '../../core/roadmap/schema.ts'
import { completeWords, SHELLS } from '../../io/completion.ts'
import type { Context } from '../context.ts'
import type { DeclaredVerb } from '../declared.ts'

interface CompleteGiven {
  arguments: readonly [words: readonly string[]]
  options: object
}

interface CompleteResult {
  words: readonly string[]
  values: string[]
}

/** Prints what can follow the words that a shell has so far. */
export async function run(
  { arguments: [words] }: CompleteGiven,
  context: Context,
): Promise<Outcome<CompleteResult>> {
  const { roadmap } = await context.makeWorld({ yes: true })
  const known = { catalogue: context.catalogue, roadmap }
  const verbs = context.verbs.filter(({ isHidden }) => !isHidden).map((verb) => describeVerb(verb, known))
  const completed = completeWords(words, verbs)
  await context.show(() => completed)
  return succeed({ words, values: [...completed.matchAll(/^([^\t\n]+)\t/gm)].map(([, value = '']) => value) })
}

interface KnownNames {
  catalogue: Catalogue
  roadmap: Roadmap
}

/** What a placeholder of an argument or option stands for; those that are not here are free text. */
const VALUES: Record<string, (known: KnownNames) => Suggestion[]> = {
  template: ({ catalogue }) =>
    catalogue.templates.map(({ manifest }) => ({ value: manifest.id, description: manifest.title })),
  gate: ({ roadmap }) => listGates(roadmap),
  name: ({ roadmap }) => [
    ...listGates(roadmap),
    ...roadmap.steps.map(({ id, title }) => ({ value: id, description: title })),
    ...listMilestones(roadmap),
  ],
  milestone: ({ roadmap }) => listMilestones(roadmap),
  key: ({ roadmap }) =>
    Object.entries(roadmap.variables).map(([value, { title }]) => ({ value, description: title })),
  manager: () => MANAGER_NAMES.map((value) => ({ value, description: 'package manager' })),
  shell: () => SHELLS.map((value) => ({ value, description: 'shell' })),
}

function describeVerb({ name, summary, ...verb }: DeclaredVerb, known: KnownNames): CompletedVerb {
  const listValues = (placeholder: string) => VALUES[placeholder]?.(known) ?? []
  const own = (verb.options ?? []).map(({ flags, description }) => {
    const { placeholder, ...rest } = parseFlags(flags)
    return { ...rest, description, values: placeholder === undefined ? undefined : listValues(placeholder) }
  })
  return {
    name,
    summary,
    arguments: (verb.arguments ?? []).map(([syntax]) => {
      const { placeholder, isVariadic } = parseArgument(syntax)
      return { values: listValues(placeholder), isVariadic }
    }),
    options: [
      ...own,
      ...(verb.takesTemplateOptions ? describeTemplateOptions(known.catalogue) : []),
      { name: 'json', short: undefined, description: 'print one JSON document', values: undefined },
      { name: 'help', short: 'h', description: 'show help', values: undefined },
    ],
  }
}

function describeTemplateOptions(catalogue: Catalogue) {
  return listOptionIds(catalogue).map((name) => {
    const found = catalogue.templates.flatMap(({ manifest }) => manifest.options[name] ?? [])
    const values = found.flatMap((option) =>
      Object.entries(option.values).map(([value, { title }]) => ({ value, description: title })),
    )
    return { name, short: undefined, description: found[0]?.title ?? '', values }
  })
}

/** Gates of several steps have one name. */
function listGates({ steps }: Roadmap): Suggestion[] {
  const titles = new Map(
    steps.flatMap(({ gates }) => gates.map(({ id, title }) => [id, title] as const)).reverse(),
  )
  return [...titles].reverse().map(([value, description]) => ({ value, description }))
}

function listMilestones({ milestones }: Roadmap): Suggestion[] {
  return milestones.map(({ id, title }) => ({ value: id, description: title }))
}
