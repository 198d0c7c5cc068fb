import { parseJson } from '#kit/console/json'

/** The first word is the program. */
export type CommandLine = readonly [program: string, ...args: string[]]

const SHELL = ['|', '||', '&', '&&', ';', '>', '>>', '<', '2>', '2>&1']

/**
 * Reads a program and its arguments from one line: a JSON list of strings, or words, of which `"..."` and
 * `'...'` keep their spaces. No shell reads it, so `|` or `>` mean nothing. Throws an Error that says why it
 * is not one.
 */
export function parseCommandLine(line: string): CommandLine {
  const [program, ...args] = line.trimStart().startsWith('[') ? readList(line) : readWords(line)
  if (program === undefined || program === '') throw new Error('names no program')
  return [program, ...args]
}

function readList(line: string): string[] {
  const list = parseJson(line)
  if (Array.isArray(list) && list.every((word) => typeof word === 'string')) return list
  throw new Error('is not a JSON list of strings')
}

function readWords(line: string): string[] {
  if (/["']/.test(line.replace(/"[^"]*"|'[^']*'/g, '')))
    throw new Error('has a quotation mark without its partner')
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  const special = words.find((word) => SHELL.includes(word))
  if (special !== undefined)
    throw new Error(`is read without a shell, where ${special} means nothing; put it into a script`)
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double = '', single = '') => double + single),
  )
}

const INTERPRETERS = /^(?:node|bun|deno|python[\d.]*|py|ruby|perl|npx|uvx|tsx|bash|sh|pwsh|powershell)$/

/** What answers, in a word or two: the program, and the script that it interprets. */
export function nameCommand([program, ...args]: CommandLine): string {
  const name = baseName(program).replace(/\.(?:exe|cmd|bat)$/i, '')
  const script = INTERPRETERS.test(name) ? args.find((word) => !word.startsWith('-')) : undefined
  return script === undefined ? name : `${name} ${baseName(script)}`
}

/** On any system, as a project is moved between them. */
function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path
}
