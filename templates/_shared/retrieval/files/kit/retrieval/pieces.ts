import { estimateTokens } from '#kit/llm/tokens'
import type { MarkdownBlock } from '#kit/retrieval/markdown'

/** A part of a block that is not cut any further. */
export interface Piece {
  text: string
  /** Estimated. */
  tokens: number
  /** True for pieces of cut prose, except the first. */
  isCut: boolean
}

/** Tables and code are cut only above this many times the limit. */
const WHOLE = 4

/** A block whole or, if it is too long, cut between its lines, then sentences, then words, then anywhere. */
export function cutBlock({ kind, lines }: MarkdownBlock, maxTokens: number): Piece[] {
  const text = lines.join('\n')
  const tokens = estimateTokens(text)
  const limit = kind === 'code' || kind === 'table' ? maxTokens * WHOLE : maxTokens
  if (tokens <= limit) return [{ text, tokens, isCut: false }]
  if (kind === 'table') return cutTable(lines, limit)
  const parts = groupParts(cut(text, limit, BOUNDARIES), limit)
  return parts.map((text, index) => ({
    text,
    tokens: estimateTokens(text),
    isCut: index > 0 && kind === 'prose',
  }))
}

const DIVIDER = /^[\s|:-]*-[\s|:-]*$/

/** Cuts a table between its rows. Every piece begins with the header, without which a row says little. */
function cutTable(lines: readonly string[], limit: number): Piece[] {
  const header = DIVIDER.test(lines[1] ?? '') ? lines.slice(0, 2) : []
  const above = header.length > 0 ? `${header.join('\n')}\n` : ''
  const room = Math.max(limit - estimateTokens(above), Math.ceil(limit / 2))
  const rows = lines.slice(header.length).map((line) => `${line}\n`)
  return groupParts(
    rows.flatMap((row) => cut(row, room, BOUNDARIES)),
    room,
  ).map((rows) => {
    const text = above + rows
    return { text, tokens: estimateTokens(text), isCut: false }
  })
}

const BOUNDARIES: readonly RegExp[] = [/\n/g, /[.!?]["'”’)\]]*\s+/g, /\s+/g]

/** Parts of at most `maxTokens` each, which joined are the text. Takes time linear in its length. */
function cut(text: string, maxTokens: number, boundaries: readonly RegExp[]): string[] {
  const [boundary, ...finer] = boundaries
  if (boundary === undefined) return cutText(text, maxTokens)
  return splitAtMatches(text, boundary).flatMap((part) =>
    part.length <= maxTokens || estimateTokens(part) <= maxTokens ? [part] : cut(part, maxTokens, finer),
  )
}

function splitAtMatches(text: string, boundary: RegExp): string[] {
  const ends = [...text.matchAll(boundary)].map((match) => match.index + match[0].length)
  const starts = [0, ...ends]
  return starts
    .map((start, index) => text.slice(start, ends[index] ?? text.length))
    .filter((part) => part !== '')
}

/**
 * Cuts a "word" longer than a chunk, such as encoded data. No token is shorter than one UTF-16 unit; a
 * character outside the BMP has two units, and stays whole.
 */
function cutText(text: string, size: number): string[] {
  return text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? []
}

/** Joins small parts again, up to the limit. */
function groupParts(parts: readonly string[], maxTokens: number): string[] {
  const groups: { text: string; tokens: number }[] = []
  for (const part of parts) {
    const tokens = estimateTokens(part)
    const last = groups.at(-1)
    if (last && last.tokens + tokens <= maxTokens) {
      last.text += part
      last.tokens += tokens
    } else {
      groups.push({ text: part, tokens })
    }
  }
  return groups.map(({ text }) => text.trim()).filter((text) => text !== '')
}
