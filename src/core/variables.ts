import { posix } from 'node:path'
import { UsageError } from './errors.ts'
import type { Roadmap } from './roadmap/schema.ts'
import { escapeInvisible, findNearest } from './text.ts'

/**
 * Checks what `set KEY VALUE` stores and returns it normalised. Throws a UsageError that says what such a
 * value looks like.
 */
export function checkVariable(
  { variables }: Roadmap,
  { key, value, projects }: { key: string; value: string; projects: readonly string[] },
): string {
  const variable = Object.hasOwn(variables, key) ? variables[key] : undefined
  if (!variable) throw refuseKey(key, Object.keys(variables))
  const wanted = `${key} is ${variable.title}`
  switch (variable.kind) {
    case 'url':
      return checkUrl(value, wanted)
    case 'path':
      return checkPath(value, wanted)
    case 'project':
      if (projects.includes(value)) return value
      throw new UsageError(
        `No project is in "${shortenValue(value)}"`,
        projects.length > 0
          ? `Your projects: ${projects.join(', ')}`
          : 'The roadmap folder has no project yet',
      )
    default:
      return variable.kind satisfies never
  }
}

function refuseKey(key: string, known: readonly string[]): UsageError {
  const guess = findNearest(key, known)
  const hint = `${guess ? `Did you mean ${guess}? ` : ''}Known: ${known.join(', ')}`
  return new UsageError(`Unknown key "${shortenValue(key)}"`, hint)
}

function checkUrl(value: string, wanted: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`"${shortenValue(value)}" is not an http address`, wanted)
  if (url.username || url.password)
    throw new UsageError(
      'The address contains a user name',
      'This file may become public: remove the user name',
    )
  return url.href
}

/** Checks a path relative to the roadmap folder, with forward slashes. */
function checkPath(value: string, wanted: string): string {
  const path = posix.normalize(value.replaceAll('\\', '/'))
  const isInside =
    !posix.isAbsolute(path) && !/^[A-Za-z]:/.test(path) && !path.startsWith('..') && path !== '.'
  if (isInside && !/\p{Cc}/u.test(path)) return path
  throw new UsageError(`"${shortenValue(value)}" is not a path below the roadmap folder`, wanted)
}

function shortenValue(text: string): string {
  return escapeInvisible(text.slice(0, 80))
}
