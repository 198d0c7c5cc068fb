import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Prose that no template has seen: the README of an installed package, the one nearest to ten thousand characters. Found when the test runs, not committed. */
export function realText(nodeModules: string): string {
  const readmes = readdirSync(nodeModules)
    .filter((name) => !name.startsWith('.') && !name.startsWith('@'))
    .flatMap((name) =>
      readdirSync(join(nodeModules, name))
        .filter((file) => /^readme\.md$/i.test(file))
        .map((file) => join(nodeModules, name, file)),
    )
    .sort((a, b) => Math.abs(statSync(a).size - 10_000) - Math.abs(statSync(b).size - 10_000))
  const nearest = readmes[0]
  if (!nearest) throw new Error(`no README below ${nodeModules}`)
  return readFileSync(nearest, 'utf8')
}

export interface Mutation {
  text: string
  /** What stands in the mutation in place of the original's names and numbers. */
  replacements: string[]
}

/** The same text about other names and numbers: an answer that does not follow was not made from the text. */
export function mutate(text: string): Mutation {
  const replacements = new Set<string>()
  const swapped = text
    .replace(/(?<![\w./-])\d{2,4}(?![\w/-])/g, (number) => noted(replacements, String(Number(number) + 1234)))
    .replace(/(?<=[a-z,] )[A-Z][a-z]{3,}(?![\w.])/g, (name) => noted(replacements, `Zq${name.toLowerCase()}`))
  return { text: swapped, replacements: [...replacements] }
}

function noted(replacements: Set<string>, value: string): string {
  replacements.add(value)
  return value
}

/** Text without Markdown marks and with single spaces, so that a quotation can be looked up. */
export function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>|]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
