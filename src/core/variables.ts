import { posix } from 'node:path'
import { UsageError } from './errors.ts'
import type { PostFile } from './gates/prose.ts'
import { readPullAddress } from './gates/pull-request.ts'
import type { Roadmap } from './roadmap/schema.ts'
import { escapeInvisible, findNearest } from './text.ts'

/** What `set KEY VALUE` is checked against. */
interface GivenVariable {
  key: string
  value: string
  /** The folders of the learner's projects. */
  projects: readonly string[]
  /** Whether a host is of this machine or network, judging by its text only. */
  isLocalHost(hostname: string): boolean
  /** What a path in the roadmap folder leads to. */
  findFile(path: string): PostFile
}

/** A value as `set` stores it. `note`: why the gate would still fail, or null. */
export interface CheckedVariable {
  value: string
  note: string | null
}

/**
 * Checks what `set KEY VALUE` stores and returns it normalised. Throws a UsageError that says what such a
 * value looks like, for every value that the key's gate could never accept.
 */
export function checkVariable({ variables }: Roadmap, given: GivenVariable): CheckedVariable {
  const { key, value } = given
  const variable = Object.hasOwn(variables, key) ? variables[key] : undefined
  if (!variable) throw refuseKey(key, Object.keys(variables))
  const wanted = `${key} is ${variable.title}`
  switch (variable.kind) {
    case 'url':
      return checkDeployed(checkUrl(value, wanted, given), given)
    case 'pull-request':
      return { value: checkPullRequest(checkUrl(value, wanted, given), wanted), note: null }
    case 'path':
      return checkFile(checkPath(value, wanted), wanted, given)
    case 'project':
      return { value: checkProject(value, given.projects), note: null }
    default:
      return variable.kind satisfies never
  }
}

function refuseKey(key: string, known: readonly string[]): UsageError {
  const guess = findNearest(key, known)
  const hint = `${guess ? `Did you mean ${guess}? ` : ''}Known: ${known.join(', ')}`
  return new UsageError(`Unknown key "${shortenValue(key)}"`, hint)
}

function checkUrl(value: string, wanted: string, { key, isLocalHost }: GivenVariable): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new UsageError(`"${shortenValue(value)}" is not an http address`, wanted)
  if (url.username || url.password)
    throw new UsageError(
      'The address contains a user name',
      'This file may become public: remove the user name',
    )
  if (url.protocol === 'http:' && !isLocalHost(url.hostname)) {
    const secure = url.href.replace(/^http:/, 'https:')
    throw new UsageError(
      `${shortenValue(url.href)} is not encrypted: anyone on the way can read and change it`,
      `Serve ${url.hostname} over https, then run: ai-eng-starter set ${key} ${shortenValue(secure)}`,
    )
  }
  return url
}

function checkDeployed({ href, hostname }: URL, { isLocalHost }: GivenVariable): CheckedVariable {
  const note = `${hostname} is this machine or its network: check fails until the address is public`
  return { value: href, note: isLocalHost(hostname) ? note : null }
}

/** Returns the address of the pull request itself, also for that of its files or of a comment. */
function checkPullRequest({ href }: URL, wanted: string): string {
  const [page] = /^https:\/\/(?:www\.)?github\.com\/[\w.-]+\/[\w.-]+\/pull\/\d+(?=[/?#]|$)/.exec(href) ?? []
  const address = page?.replace('://www.', '://')
  if (address !== undefined && readPullAddress(address)) return address
  throw new UsageError(
    `${shortenValue(href)} is not the address of a pull request on github.com`,
    `${wanted}, such as https://github.com/OWNER/REPO/pull/NUMBER`,
  )
}

/** Checks a path relative to the roadmap folder, with forward slashes. */
function checkPath(value: string, wanted: string): string {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(value))
    throw new UsageError(`"${shortenValue(value)}" is an address, not a file`, wanted)
  const path = normalizePath(value)
  const leadsOut = /^(?:[A-Za-z]:|~|\/|\.\.?(?:\/|$))|\p{Cc}/u
  if (path !== '' && !leadsOut.test(path)) return path
  throw new UsageError(`"${shortenValue(value)}" is not a path below the roadmap folder`, wanted)
}

function checkFile(path: string, wanted: string, { findFile }: GivenVariable): CheckedVariable {
  const file = findFile(path)
  const refuse = (why: string) => new UsageError(`"${shortenValue(path)}" ${why}`, wanted)
  switch (file.kind) {
    case 'text':
      return { value: path, note: null }
    case 'missing':
      return { value: path, note: `there is no ${path} yet` }
    case 'folder':
      throw refuse('is a folder, not a file')
    case 'outside':
    case 'leads-out':
      throw refuse('leads out of the roadmap folder')
    case 'other-case':
      throw new UsageError(
        `"${shortenValue(path)}" differs from ${file.name} in upper and lower case`,
        'Use the name as it is on disk: CI runs on a case-sensitive file system',
      )
    default:
      return file satisfies never
  }
}

function checkProject(value: string, projects: readonly string[]): string {
  const name = normalizePath(value)
  if (projects.includes(name)) return name
  throw new UsageError(
    `No project is in "${shortenValue(value)}"`,
    projects.length > 0 ? `Your projects: ${projects.join(', ')}` : 'The roadmap folder has no project yet',
  )
}

/** With forward slashes, and none at its end: shells complete the name of a folder with one. */
function normalizePath(value: string): string {
  return posix.normalize(value.replaceAll('\\', '/')).replace(/(?<=.)\/+$/, '')
}

function shortenValue(text: string): string {
  return escapeInvisible(text.slice(0, 80))
}
