import { createHash } from 'node:crypto'
import { estimateTokens } from '#kit/llm/tokens'
import { type MarkdownBlock, splitSections } from '#kit/retrieval/markdown'
import { cutBlock } from '#kit/retrieval/pieces'

/**
 * A piece of a document: what is embedded, ranked, sent to a model and cited. Its lines are lines of the
 * document as it was read, so that a quote from the chunk can be found in the document.
 */
export interface Chunk {
  /**
   * Hex hash of the document's name, the headings and the text: the same piece of the same document has the
   * same id in every run, on every machine.
   */
  id: string
  /** The document's path relative to the folder, with forward slashes. */
  document: string
  title: string
  /** The headings above the text, outermost first; without the first one if that equals the title. */
  headings: readonly string[]
  text: string
  /** Estimated. */
  tokens: number
  /** Place in the document, from 0. */
  ordinal: number
}

export interface ChunkSize {
  /** Estimated. A table or a code block may be up to four times as long, because half of one says little. */
  maxTokens: number
  /** How much of the end of the previous chunk a chunk repeats, where prose was cut. */
  overlapTokens: number
}

export interface TitledText {
  name: string
  title: string
  /** Markdown, or plain text. */
  text: string
}

/** Chosen by `npm run eval:retrieval -- --compare` on the sample documents. */
export const DEFAULT_CHUNK_SIZE: ChunkSize = { maxTokens: 256, overlapTokens: 32 }

/**
 * Cuts a document at its headings (`splitSections`), then between blocks, and inside a block only if that is
 * too long by itself. Loses only blank lines, and headings with nothing below them. A chunk's id is `hashKey` of
 * the document's name, all headings, the text, and how many earlier chunks have the same four, joined by NUL
 * characters: a document can contain the same text twice.
 */
export function chunkDocument({ name, title, text }: TitledText, size = DEFAULT_CHUNK_SIZE): Chunk[] {
  const seen = new Map<string, number>()
  const chunks = splitSections(text).flatMap(({ headings, blocks }) => {
    const below = headings[0] === title ? headings.slice(1) : headings
    return packBlocks(blocks, size).map((text) => {
      const key = [name, ...headings, text].join('\0')
      const times = seen.get(key) ?? 0
      seen.set(key, times + 1)
      return {
        id: hashKey(`${key}\0${times}`),
        document: name,
        title,
        headings: below,
        text,
        tokens: estimateTokens(text),
      }
    })
  })
  return chunks.map((chunk, ordinal) => ({ ...chunk, ordinal }))
}

function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

/**
 * The texts of a section's chunks. Cuts each block that is too long into pieces (`cutBlock`) and adds pieces to
 * a chunk, with a blank line between them, while the sum of their tokens is at most `maxTokens`; the next one
 * then begins a new chunk. If that piece continues cut prose (`isCut`), the new chunk begins with the end of
 * the piece before it (`takeEnd`, up to `overlapTokens`), and that end's tokens count.
 */
function packBlocks(blocks: readonly MarkdownBlock[], { maxTokens, overlapTokens }: ChunkSize): string[] {
  const texts: string[] = []
  let parts: string[] = []
  let tokens = 0
  for (const piece of blocks.flatMap((block) => cutBlock(block, maxTokens))) {
    if (tokens + piece.tokens > maxTokens && parts.length > 0) {
      texts.push(parts.join('\n\n'))
      const overlap = piece.isCut && overlapTokens > 0 ? takeEnd(parts.at(-1) ?? '', overlapTokens) : ''
      parts = overlap === '' ? [] : [overlap]
      tokens = estimateTokens(overlap)
    }
    parts.push(piece.text)
    tokens += piece.tokens
  }
  if (parts.length > 0) texts.push(parts.join('\n\n'))
  return texts
}

/**
 * The end of a text, from the beginning of a sentence or line; empty if none begins within the last
 * `maxTokens * 4` characters.
 */
function takeEnd(text: string, maxTokens: number): string {
  const end = text.slice(-maxTokens * 4)
  const start = /(?:[.!?]\s+|\n)(?=\S)/.exec(end)
  return start === null ? '' : end.slice(start.index + start[0].length)
}
