import type { ProjectName } from './names.ts'

export type JsonObject = { [key: string]: JsonValue }
type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject

/** One layer's part of package.json. */
export interface PackagePart {
  owner: string
  json: JsonObject
}

/** The order in which readers expect the fields; the others follow alphabetically. */
const FIELD_ORDER = [
  'name',
  'version',
  'private',
  'description',
  'license',
  'type',
  'imports',
  'bin',
  'engines',
  'scripts',
  'dependencies',
  'devDependencies',
]
const SORTED_FIELDS = new Set([
  'scripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
])

/**
 * Deep-merges the layers' parts and sets name and description. Throws an Error that names both owners when
 * two parts disagree.
 */
export function mergePackageJson(
  parts: readonly PackagePart[],
  { packageName }: ProjectName,
  description: string,
): JsonObject {
  const merged: JsonObject = {}
  const owners = new Map<string, string>()
  for (const part of parts) mergeInto(merged, part.json, part.owner, owners, '')
  return sortFields({ ...merged, name: packageName, description })
}

function mergeInto(
  into: JsonObject,
  from: JsonObject,
  owner: string,
  owners: Map<string, string>,
  at: string,
): void {
  for (const [key, value] of Object.entries(from)) {
    const path = at === '' ? key : `${at}.${key}`
    const existing = into[key]
    if (isObject(value) && (existing === undefined || isObject(existing))) {
      const child: JsonObject = existing ?? {}
      into[key] = child
      mergeInto(child, value, owner, owners, path)
      continue
    }
    if (existing !== undefined && JSON.stringify(existing) !== JSON.stringify(value)) {
      throw new Error(`package.json: ${path} is set differently by ${owners.get(path)} and ${owner}`)
    }
    into[key] = value
    owners.set(path, owner)
  }
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function sortFields(json: JsonObject): JsonObject {
  const rank = (key: string) => (FIELD_ORDER.includes(key) ? FIELD_ORDER.indexOf(key) : FIELD_ORDER.length)
  const keys = Object.keys(json).sort((a, b) => rank(a) - rank(b) || compare(a, b))
  return Object.fromEntries(
    keys.map((key) => {
      const value = json[key] as JsonValue
      return [key, SORTED_FIELDS.has(key) && isObject(value) ? sortKeys(value) : value]
    }),
  )
}

function sortKeys(json: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(json).sort(([a], [b]) => compare(a, b)))
}

/** Compares by code unit: the same on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Sets the project's name in a lock file, in its first two `name` fields, so that `npm ci` accepts it and
 * leaves git clean. Edits the text, because parsing all of it would take longer than all other decisions
 * together.
 */
export function nameLockFile(lock: string, { packageName }: ProjectName): string {
  const field = /"name": "(?:[^"\\]|\\.)*"/g
  field.exec(lock)
  field.exec(lock)
  const end = field.lastIndex
  const named = lock.slice(0, end).replace(field, () => `"name": ${JSON.stringify(packageName)}`)
  return named + lock.slice(end)
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
