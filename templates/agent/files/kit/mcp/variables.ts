import { homedir } from 'node:os'
import { basename, dirname, resolve, sep } from 'node:path'
import type { Env } from '#kit/console/env'
import { InputError } from '#kit/console/errors'

/** A value that VS Code asks its user for. */
export interface ConfigInput {
  id: string
  description?: string | undefined
  default?: string | undefined
}

export interface VariableSources {
  /** The file that is read, for messages and for the folder that it belongs to. */
  path: string
  env: Env
  inputs: readonly ConfigInput[]
}

/**
 * Fills in the variables of a value: `${NAME}` and `${NAME:-default}` (Claude Code), `${env:NAME}` (Cursor, VS
 * Code), `${input:ID}` (VS Code) from the variable that `toVariableName` gives, or its default, and the folders
 * that VS Code and Cursor name. A name in `own` stays unchanged: the program is given that variable and fills it
 * in itself. Throws `InputError` for a variable that is not set, and for a form that is not known.
 */
export function fillVariables(
  value: string,
  sources: VariableSources,
  own: ReadonlySet<string> = new Set(),
): string {
  return value.replaceAll(/\$\{([^{}]*)\}/g, (whole, inside: string) => {
    const [, name = '', fallback] = /^(?:env:)?(\w+)(?::-([\s\S]*))?$/.exec(inside) ?? []
    if (name === '') return fillNamed(inside, sources)
    if (own.has(name)) return whole
    return FOLDERS[name]?.(sources) ?? readVariable(name, fallback, sources)
  })
}

function readVariable(name: string, fallback: string | undefined, { path, env }: VariableSources): string {
  const found = env[name] || fallback
  if (found !== undefined && found !== '') return found
  if (fallback === '') return ''
  throw new InputError(`${path} wants ${name}, which is not set`, 'Set it in .env.')
}

const FOLDERS: Record<string, (sources: VariableSources) => string> = {
  workspaceFolder: ({ path }) => findWorkspace(path),
  workspaceFolderBasename: ({ path }) => basename(findWorkspace(path)),
  userHome: () => homedir(),
  pathSeparator: () => sep,
}

/** The folder of a file, or the one above when the file is in an editor's own folder. */
export function findWorkspace(path: string): string {
  const folder = dirname(resolve(path))
  return /^\.(?:vscode|cursor|claude|kiro|roo)$/.test(basename(folder)) ? dirname(folder) : folder
}

function fillNamed(inside: string, sources: VariableSources): string {
  if (inside === '/') return sep
  const [kind, id = ''] = inside.split(/:(.*)/s)
  if (kind === 'input') return fillInput(id, sources)
  const known = ['NAME', 'NAME:-default', 'env:NAME', 'input:ID', 'workspaceFolder', 'userHome']
  throw new InputError(
    `${sources.path} has the variable \${${inside}}, which only its own client can fill in`,
    `Write the value, or one of ${known.map((one) => `\${${one}}`).join(', ')}.`,
  )
}

function fillInput(id: string, { path, env, inputs }: VariableSources): string {
  const input = inputs.find((one) => one.id === id)
  const name = toVariableName(id)
  const found = env[name] || input?.default
  if (found) return found
  const what = input?.description ? ` (${input.description})` : ''
  throw new InputError(`${path} wants the input "${id}"${what}`, `Set ${name} in .env.`)
}

/** `notes-token` is NOTES_TOKEN. */
function toVariableName(id: string): string {
  return id.replaceAll(/\W+/g, '_').toUpperCase()
}
