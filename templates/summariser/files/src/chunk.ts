import { estimateTokens } from '#kit/llm/tokens'

// Where a text may be cut, best place first. A piece that is still too long is cut at the next.
const BOUNDARIES: readonly RegExp[] = [
  /\n[^\S\n]*\n\s*/g, // paragraphs
  /\n/g, // lines
  /[.!?]["'”’)\]]*\s+/g, // sentences
  /\s+/g, // words
]

/**
 * Cuts a text into chunks of at most `maxTokens` (`estimateTokens`): between paragraphs where possible, else
 * between lines, sentences or words, and inside a word where necessary, but never inside a character. The chunks
 * joined are the text; a chunk takes what fits into it. Takes time linear in the text's length.
 */
export function chunkText(text: string, maxTokens: number): string[] {
  const chunks: string[] = []
  let pieces: string[] = []
  let tokens = 0
  const flush = () => {
    const chunk = pieces.join('')
    // Estimates don't add up exactly: pieces of one long word may be more together. Then each becomes a chunk, since each fits.
    if (estimateTokens(chunk) <= maxTokens) chunks.push(chunk)
    else chunks.push(...pieces)
    pieces = []
    tokens = 0
  }
  for (const piece of splitIntoPieces(text, maxTokens)) {
    if (tokens + piece.tokens > maxTokens && pieces.length > 0) flush()
    pieces.push(piece.text)
    tokens += piece.tokens
  }
  if (pieces.length > 0) flush()
  return chunks
}

interface Piece {
  text: string
  tokens: number
}

/** Yields pieces of at most `maxTokens`, cut at the best boundary that makes them small enough. */
function* splitIntoPieces(text: string, maxTokens: number, level = 0): Generator<Piece> {
  const boundary = BOUNDARIES[level]
  const parts = boundary === undefined ? sliceWord(text, maxTokens) : splitAtBoundary(text, boundary)
  for (const part of parts) {
    const tokens = estimateTokens(part)
    // Below words there is no boundary left, and a slice always fits.
    if (tokens <= maxTokens || boundary === undefined) yield { text: part, tokens }
    else yield* splitIntoPieces(part, maxTokens, level + 1)
  }
}

function* splitAtBoundary(text: string, boundary: RegExp): Generator<string> {
  let start = 0
  for (const match of text.matchAll(boundary)) {
    const end = match.index + match[0].length
    yield text.slice(start, end)
    start = end
  }
  if (start < text.length) yield text.slice(start)
}

/**
 * Slices a "word" that is longer than a chunk, such as encoded data. Nine UTF-16 units are never more than ten
 * tokens.
 */
function* sliceWord(text: string, maxTokens: number): Generator<string> {
  const units = Math.max(1, Math.floor(maxTokens * 0.9))
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + units, text.length)
    // A character outside the basic plane takes two units: don't cut between them.
    if (/[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end += end - start > 1 ? -1 : 1
    yield text.slice(start, end)
    start = end
  }
}
