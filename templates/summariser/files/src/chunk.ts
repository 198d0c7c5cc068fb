import { estimateTokens } from '#kit/llm/tokens'

// Where a text may be cut, best place first. A piece that still does not fit is cut at the next.
const BOUNDARIES: readonly RegExp[] = [
  /\n[^\S\n]*\n\s*/g, // paragraphs
  /\n/g, // lines
  /[.!?]["'”’)\]]*\s+/g, // sentences
  /\s+/g, // words
]

/**
 * Cuts a text into chunks of at most `maxTokens` (estimated), between paragraphs where it can, inside a word where it must.
 * Nothing is lost: the chunks joined are the text. Time is linear in its length.
 */
export function chunkText(text: string, maxTokens: number): string[] {
  const chunks: string[] = []
  let parts: string[] = []
  let tokens = 0
  const flush = () => {
    const chunk = parts.join('')
    // Estimates do not quite add up: parts of one long word may be more together than one by one.
    if (estimateTokens(chunk) <= maxTokens) chunks.push(chunk)
    else chunks.push(...parts)
    parts = []
    tokens = 0
  }
  for (const piece of piecesOf(text, maxTokens, 0)) {
    if (tokens + piece.tokens > maxTokens && parts.length > 0) flush()
    parts.push(piece.text)
    tokens += piece.tokens
  }
  if (parts.length > 0) flush()
  return chunks
}

interface Piece {
  text: string
  tokens: number
}

function* piecesOf(text: string, maxTokens: number, level: number): Generator<Piece> {
  const boundary = BOUNDARIES[level]
  const parts = boundary === undefined ? slices(text, maxTokens) : splitAfter(text, boundary)
  for (const part of parts) {
    const tokens = estimateTokens(part)
    if (tokens <= maxTokens || boundary === undefined) yield { text: part, tokens }
    else yield* piecesOf(part, maxTokens, level + 1)
  }
}

/** Splits after each match, so that the pieces joined are the text. */
function* splitAfter(text: string, boundary: RegExp): Generator<string> {
  let start = 0
  for (const match of text.matchAll(boundary)) {
    const end = match.index + match[0].length
    yield text.slice(start, end)
    start = end
  }
  if (start < text.length) yield text.slice(start)
}

/** A "word" longer than a chunk, such as encoded data. The estimate never exceeds its UTF-16 units. */
function* slices(text: string, size: number): Generator<string> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + size, text.length)
    if (end - start > 1 && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1
    yield text.slice(start, end)
    start = end
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
