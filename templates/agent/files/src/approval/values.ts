import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, resolve } from 'node:path'
import { matches } from '../tools/toolbox.ts'

/**
 * Whether a pattern of `--approve` names a value, by what the value means and not by how it looks. A path counts
 * after `..` and links are resolved, an address by its host and path, and a list only if the pattern names each of
 * its elements. `*` alone names everything; nothing else names an object.
 */
export function namesValue(pattern: string, value: unknown): boolean {
  if (pattern === '*') return true
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => namesValue(pattern, one))
  if (typeof value === 'object' && value !== null) return false
  if (typeof value !== 'string') return matches(pattern, String(value))
  return readForms(value).every((form) => namesText(pattern, form))
}

/** As it stands, and as a server reads it that decodes `%2e`. Both have to be named. */
function readForms(text: string): string[] {
  try {
    return [...new Set([text, decodeURIComponent(text)])]
  } catch {
    return [text]
  }
}

function namesText(pattern: string, text: string): boolean {
  if (/^\w+:\/\//.test(pattern)) return namesAddress(pattern, text)
  if (/[\\/]/.test(pattern)) return namesPath(pattern, text)
  // A pattern without a folder names no text that leaves one.
  return matches(pattern, text) && (!hasUpwardStep(text) || namesPath(pattern, text))
}

function hasUpwardStep(text: string): boolean {
  return text.split(/[\\/]/).includes('..')
}

/** `https://a.example/docs/*`: a star in the host stays in the host. User names and other schemes are not named. */
function namesAddress(pattern: string, text: string): boolean {
  const [, scheme = '', host = '', path = '*'] = /^(\w+):\/\/([^/?#]*)(.*)$/s.exec(pattern) ?? []
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  if (url.protocol !== `${scheme.toLowerCase()}:` || url.username !== '' || url.password !== '') return false
  const rest = `${url.pathname}${url.search}${url.hash}`
  return matches(host.toLowerCase(), url.host) && (path === '' ? rest === '/' : matches(path, rest))
}

function namesPath(pattern: string, text: string): boolean {
  if (text.includes('\0')) return false
  const [wanted, path] = [toAbsolute(pattern), toAbsolute(text)]
  if (!matches(wanted, path)) return false
  // The system takes `link/..` as the folder above the link's target, so links are followed before `..`.
  const whole = text.replaceAll('\\', '/')
  const real = toAbsolute(followLinks(isAbsolute(whole) ? whole : `${process.cwd()}/${whole}`))
  return real === path || matches(followFolder(wanted), real)
}

/** Both kinds of slashes, since a server may run on another system. A pattern that begins with `*` has no root. */
function toAbsolute(path: string): string {
  const slashes = path.replaceAll('\\', '/')
  return slashes.startsWith('*') ? slashes : resolve(slashes).replaceAll('\\', '/')
}

/** The real path of a file that need not exist yet. */
function followLinks(path: string): string {
  try {
    return realpathSync.native(path).replaceAll('\\', '/')
  } catch {
    const folder = dirname(path)
    return folder === path ? path : `${followLinks(folder).replace(/\/$/, '')}/${basename(path)}`
  }
}

/** Follows the links of a pattern's folders above its first star. */
function followFolder(pattern: string): string {
  const [start = ''] = pattern.split('*')
  const folder = start.slice(0, start.lastIndexOf('/'))
  return folder === '' ? pattern : followLinks(folder).replace(/\/$/, '') + pattern.slice(folder.length)
}
