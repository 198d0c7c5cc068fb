import * as z from 'zod'
import { ConfigError } from '#kit/console/errors'
import type { Field, Format, Leaf, ObjectField } from '#kit/fields/field'

/**
 * Reads a zod schema into the tree of fields that the request, the checks and the offline rules share. Throws
 * a `ConfigError` that names the first field a model can't be asked for reliably, and what to write instead.
 */
export function readFields(schema: z.ZodObject): ObjectField {
  const root = readField(schema, { name: '', path: ROOT, description: '', nullable: false, above: [] })
  if (root.kind === 'object') return root
  throw refuse(ROOT, 'is not an object', 'wrap it: z.object({ items: ... })')
}

const ROOT = 'the schema'

interface Place {
  name: string
  path: string
  description: string
  nullable: boolean
  /** The objects that the field is in. */
  above: readonly z.core.$ZodType[]
}

function readField(type: z.core.$ZodType, place: Place): Field {
  // `_zod.def` is how zod tells its types apart; this union lists every one of them.
  const { def } = (type as z.core.$ZodTypes)._zod
  const here = { ...place, description: place.description || (z.globalRegistry.get(type)?.description ?? '') }
  const { path, above, ...named } = here
  const problem = (value: unknown) => describeProblem(type, value)
  const leaf = (kind: Leaf['kind'], values: readonly string[] = []): Leaf => {
    return { ...named, kind, values, problem }
  }
  switch (def.type) {
    case 'nullable':
      return readField(def.innerType, { ...here, nullable: true })
    case 'readonly':
      return readField(def.innerType, here)
    case 'object': {
      if (above.includes(type))
        throw refuse(path, 'leads back to itself', 'write out the levels that documents have')
      const inside = [...above, type]
      const fields = Object.entries(def.shape).map(([name, child]) =>
        readField(child, placeBelow(path, name, inside)),
      )
      return { ...named, kind: 'object', fields, problem }
    }
    case 'array': {
      const item = { name: named.name, path: `${path}[]`, description: '', nullable: false, above }
      return { ...named, kind: 'array', item: readField(def.element, item) }
    }
    case 'string':
      return leaf(listFormats(type).flatMap((format) => FORMATS[format] ?? [])[0] ?? 'string')
    case 'number':
      return leaf(listFormats(type).some((format) => format.includes('int')) ? 'integer' : 'number')
    case 'boolean':
      return leaf('boolean')
    case 'enum':
      return leaf('enum', readChoices(Object.values(def.entries), path))
    case 'literal':
      return leaf('enum', readChoices(def.values, path))
    case 'optional':
    case 'default':
    case 'prefault':
    case 'catch':
      throw refuse(path, `uses .${def.type}()`, 'write .nullable(): a value that the document lacks is null')
    case 'date':
      throw refuse(path, 'is a Date, which JSON lacks', 'write z.iso.date() or z.iso.datetime()')
    default:
      throw refuse(path, `is of zod type "${def.type}"`, SUPPORTED)
  }
}

const SUPPORTED =
  'use objects, arrays, strings and their formats, numbers, booleans, enums, literals, and .nullable()'

function placeBelow(path: string, name: string, above: Place['above']): Place {
  const below = path === ROOT ? name : `${path}.${name}`
  return { name, path: below, description: '', nullable: false, above }
}

function refuse(path: string, what: string, instead: string): ConfigError {
  return new ConfigError(`The schema can't be used: ${path} ${what}`, `For a reliable answer ${instead}.`)
}

function readChoices(values: readonly unknown[], path: string): string[] {
  return values.map((value) => {
    if (typeof value === 'string') return value
    throw refuse(path, `has the choice ${String(value)}, which is not a string`, 'list strings')
  })
}

/** By zod's own names of formats: JSON Schema has none for a local time. */
const FORMATS: Record<string, Format> = {
  date: 'date',
  datetime: 'date-time',
  time: 'time',
  email: 'email',
  url: 'url',
  e164: 'phone',
}

/** `z.email()` has its format in its definition, `z.string().email()` in a check. */
function listFormats({ _zod: { def } }: z.core.$ZodType): string[] {
  const checks = (def.checks ?? []).map((check) => check._zod.def)
  return [def, ...checks].flatMap((one) => ('format' in one ? String(one.format) : []))
}

function describeProblem(type: z.core.$ZodType, value: unknown): string | undefined {
  const [issue] = z.safeParse(type, value).error?.issues ?? []
  return issue && [issue.path.join('.'), issue.message].filter(Boolean).join(': ')
}
