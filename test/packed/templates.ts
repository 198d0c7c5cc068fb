import { fileURLToPath } from 'node:url'
import { scanTemplates } from '../../build/scan.ts'

/** A way to generate a template: its flags, and a name for the test. */
export interface Variant {
  label: string
  template: string
  flags: string[]
}

export const { catalogue, packs } = scanTemplates(
  fileURLToPath(new URL('../../templates', import.meta.url)),
  '0.0.0',
)

export const defaults: Variant[] = catalogue.templates.map(({ manifest: { id } }) => ({
  label: id,
  template: id,
  flags: [],
}))

/** The template that `npm test` generates, installs and runs: the first of the road. */
export const first: Variant = { label: 'summariser', template: 'summariser', flags: [] }

/** Each other value of each option once, with the rest at default. */
export const others: Variant[] = catalogue.templates.flatMap(({ manifest: { id, options } }) =>
  Object.entries(options).flatMap(([option, { values, default: usual }]) =>
    Object.keys(values)
      .filter((value) => value !== usual)
      .map((value) => ({ label: `${id} --${option} ${value}`, template: id, flags: [`--${option}`, value] })),
  ),
)
