/** The words that a reader sees: without front matter, code blocks, comments and link addresses. */
export function splitWords(markdown: string): string[] {
  return readText(markdown).match(/[\p{L}\p{N}][\p{L}\p{N}'’.,%-]*/gu) ?? []
}

function readText(markdown: string): string {
  return markdown
    .replace(/^\ufeff?---\r?\n[\s\S]*?\r?\n---\r?\n/, '')
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, ' ')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/https?:\/\/\S+/g, ' ')
}

export function findTextLinks(markdown: string): string[] {
  const found = markdown.match(/https?:\/\/[^\s)>\]"'`]+/g) ?? []
  // A full stop after an address ends the sentence.
  return found.map((url) => url.replace(/[.,;:!?]+$/, ''))
}

const PLACEHOLDERS = /lorem ipsum|\bTODO\b|\bTBD\b|\[(your|insert|add|fill)[^\]]*\](?!\()|\bXX+\b/i

export function findPlaceholder(markdown: string): string | undefined {
  return PLACEHOLDERS.exec(readText(markdown))?.[0]
}

/** Every number in evidence, as an author would write it: 18/20 also as "18 of 20", 0.9 also as 90. */
export function collectFigures(data: readonly Record<string, unknown>[]): Set<string> {
  const figures = new Set<string>()
  const collect = (value: unknown) => {
    if (typeof value === 'number' && Number.isFinite(value)) {
      for (const text of listSpellings(value)) figures.add(text)
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  data.forEach(collect)
  return figures
}

function listSpellings(value: number): string[] {
  if (Number.isInteger(value)) return [String(value)]
  const share = value > 0 && value < 1 ? [String(Math.round(value * 100)), (value * 100).toFixed(1)] : []
  return [value.toFixed(2), value.toFixed(3), ...share]
}

/** The numbers in a text that are among the figures; single digits prove nothing. */
export function findFigures(markdown: string, figures: ReadonlySet<string>): string[] {
  const numbers = readText(markdown).match(/\d+(?:\.\d+)?/g) ?? []
  return [...new Set(numbers)].filter((number) => number.length > 1 && figures.has(number))
}
