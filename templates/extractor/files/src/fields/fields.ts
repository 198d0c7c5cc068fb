import * as z from 'zod'
import { ConfigError } from '#kit/console/errors'

/** One value to find. */
export interface Leaf {
  kind: 'string' | 'enum' | 'number' | 'integer' | 'boolean' | Format
  name: string
  description: string
  nullable: boolean
  /** What an enum may be, else empty. */
  values: readonly string[]
  /** Why a value is not one, in a few words; undefined when it is. */
  problem(value: unknown): string | undefined
}

export interface ObjectField {
  kind: 'object'
  name: string
  description: string
  nullable: boolean
  fields: readonly Field[]
  /** Why data is not of it as a whole, rules over several fields included; undefined when it is. */
  problem(data: unknown): string | undefined
}

export interface ArrayField {
  kind: 'array'
  name: string
  description: string
  nullable: boolean
  item: Field
}

export type Field = Leaf | ObjectField | ArrayField

export function isLeaf(field: Field): field is Leaf {
  return field.kind !== 'object' && field.kind !== 'array'
}

export type Format = 'date' | 'date-time' | 'time' | 'email' | 'url' | 'phone'

/**
 * A zod schema as the tree of fields that prompts, checks and the heuristic read. Throws a `ConfigError` that names the first
 * field which cannot be asked for reliably, and what to write instead.
 */
export function fieldsOf(schema: z.ZodObject): ObjectField {
  const root = fieldOf(schema, { name: '', path: ROOT, description: '', nullable: false })
  if (root.kind === 'object') return root
  throw unsupported(ROOT, 'is not an object', 'wrap it: z.object({ items: ... })')
}

const ROOT = 'the schema'

interface Place {
  name: string
  path: string
  description: string
  nullable: boolean
}

function fieldOf(type: z.core.$ZodType, place: Place): Field {
  // zod's own way to tell its types apart; the union lists every type that zod has.
  const { def } = (type as z.core.$ZodTypes)._zod
  const here = { ...place, description: place.description || (z.globalRegistry.get(type)?.description ?? '') }
  const { name, path, description, nullable } = here
  const leaf = (kind: Leaf['kind'], values: readonly string[] = []): Leaf => {
    return { kind, name, description, nullable, values, problem: (value) => problemOf(type, value) }
  }
  switch (def.type) {
    case 'nullable':
      return fieldOf(def.innerType, { ...here, nullable: true })
    case 'readonly':
      return fieldOf(def.innerType, here)
    case 'object': {
      const fields = Object.entries(def.shape).map(([key, value]) => fieldOf(value, placeBelow(path, key)))
      return { kind: 'object', name, description, nullable, fields, problem: (data) => problemOf(type, data) }
    }
    case 'array':
      return {
        kind: 'array',
        name,
        description,
        nullable,
        item: fieldOf(def.element, { ...placeBelow(path, name), path: `${path}[]` }),
      }
    case 'string':
      return leaf(formatsOf(type).flatMap((format) => FORMATS[format] ?? [])[0] ?? 'string')
    case 'number':
      return leaf(formatsOf(type).some((format) => format.includes('int')) ? 'integer' : 'number')
    case 'boolean':
      return leaf('boolean')
    case 'enum':
      return leaf('enum', strings(Object.values(def.entries), path))
    case 'literal':
      return leaf('enum', strings(def.values, path))
    case 'optional':
    case 'default':
    case 'prefault':
    case 'catch':
      throw unsupported(path, `uses .${def.type}()`, 'write .nullable(): what a document lacks is null')
    case 'date':
      throw unsupported(path, 'is a Date, which JSON has not', 'write z.iso.date() or z.iso.datetime()')
    default:
      throw unsupported(path, `is of zod type "${def.type}"`, SUPPORTED)
  }
}

const SUPPORTED =
  'use objects, arrays, strings and their formats, numbers, booleans, enums, literals, and .nullable()'

function placeBelow(path: string, name: string): Place {
  const below = path === ROOT ? name : `${path}.${name}`
  return { name, path: below, description: '', nullable: false }
}

function unsupported(path: string, what: string, instead: string): ConfigError {
  return new ConfigError(`The schema cannot be used: ${path} ${what}`, `For a reliable answer ${instead}.`)
}

function strings(values: readonly unknown[], path: string): string[] {
  return values.map((value) => {
    if (typeof value === 'string') return value
    throw unsupported(path, `has the choice ${String(value)}, which is not a string`, 'list strings')
  })
}

/** Local times have no name in JSON Schema, so zod's own format names decide. */
const FORMATS: Record<string, Format> = {
  date: 'date',
  datetime: 'date-time',
  time: 'time',
  email: 'email',
  url: 'url',
  e164: 'phone',
}

/** `z.email()` carries its format itself, `z.string().email()` in a check. */
function formatsOf({ _zod: { def } }: z.core.$ZodType): string[] {
  const checks = (def.checks ?? []).map((check) => check._zod.def)
  return [def, ...checks].flatMap((one) => ('format' in one ? String(one.format) : []))
}

function problemOf(type: z.core.$ZodType, value: unknown): string | undefined {
  const [issue] = z.safeParse(type, value).error?.issues ?? []
  return issue && [issue.path.join('.'), issue.message].filter(Boolean).join(': ')
}

/** The paths of all values that may be found, `actionItems[].owner` for the rows of a list. */
export function leavesOf(field: Field, path = ''): { path: string; leaf: Leaf }[] {
  switch (field.kind) {
    case 'object':
      return field.fields.flatMap((child) => leavesOf(child, path ? `${path}.${child.name}` : child.name))
    case 'array':
      return leavesOf(field.item, `${path}[]`)
    default:
      return [{ path, leaf: field }]
  }
}
