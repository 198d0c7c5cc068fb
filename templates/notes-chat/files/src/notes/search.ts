import { basename, extname } from 'node:path'
import { type Chunk, chunkDocument } from '#kit/retrieval/chunk'
import { LexicalIndex } from '#kit/retrieval/lexical-index'
import { firstHeadingOf } from '#kit/retrieval/markdown'
import type { TermWeights } from '#kit/retrieval/rerank'
import type { Note } from './folder.ts'

/**
 * From 128 to 1,000 tokens the evals score the same: what stands below one heading of a note is short. Small, because a table may be four times as long and
 * has to fit into the window next to others; without overlap, because whatever is sent twice is paid twice.
 */
const SECTION_SIZE = { maxTokens: 256, overlapTokens: 0 }

/** Lexical search over notes: it finds the words of a question, or words with the same stem, and nothing else. */
export class NotesIndex {
  readonly notes: readonly Note[]
  readonly #index: LexicalIndex

  constructor(notes: readonly Note[]) {
    this.notes = notes
    this.#index = new LexicalIndex(notes.flatMap(sectionsOf))
  }

  get sections(): readonly Chunk[] {
    return this.#index.chunks
  }

  /** Sections that share a term with the query, best first; without a term, where the notes begin. */
  find(query: string, limit: number): Chunk[] {
    return this.#index.find(query, limit).map(({ chunk }) => chunk)
  }

  /** How much each term of a text says in these notes. */
  weights(text: string): TermWeights {
    return this.#index.weights(text)
  }
}

function sectionsOf({ name, text }: Note): Chunk[] {
  const title = firstHeadingOf(text) ?? basename(name, extname(name))
  return chunkDocument({ name, title, text }, SECTION_SIZE)
}
