import { basename, extname } from 'node:path'
import { Bm25Index } from '../retrieval/bm25.ts'
import { type Chunk, chunkDocument } from '../retrieval/chunk.ts'
import { embeddedText, termCounts } from '../retrieval/fields.ts'
import { firstHeadingOf } from '../retrieval/markdown.ts'
import { rerankByPairs, type TermWeights, termWeights } from '../retrieval/rerank.ts'
import { termsOf } from '../retrieval/terms.ts'
import type { Note } from './folder.ts'

/**
 * From 128 to 1,000 tokens the evals score the same: what stands below one heading of a note is short. Small, because a table may be four times as long and
 * has to fit into the window next to others; without overlap, because whatever is sent twice is paid twice.
 */
const SECTION_SIZE = { maxTokens: 256, overlapTokens: 0 }
const CANDIDATES = 50 // hits that are ranked again

/** Lexical search over notes: it finds the words of a question, or words with the same stem, and nothing else. */
export class NotesIndex {
  readonly notes: readonly Note[]
  readonly sections: readonly Chunk[]
  readonly #index = new Bm25Index()

  constructor(notes: readonly Note[]) {
    this.notes = notes
    this.sections = notes.flatMap(sectionsOf)
    for (const section of this.sections) this.#index.add(termCounts(section))
  }

  /** Sections that share a term with the query, best first (BM25, then word order); without a term, where the notes begin. */
  find(query: string, limit: number): Chunk[] {
    const terms = termsOf(query)
    if (terms.length === 0) return this.#beginnings().slice(0, limit)
    const hits = this.#index.search(terms, CANDIDATES).flatMap(({ text, score }) => {
      const section = this.sections[text]
      return section ? [{ section, score, text: embeddedText(section) }] : []
    })
    const ranked = rerankByPairs(query, hits, this.weights(query))
    return ranked.slice(0, limit).map(({ section }) => section)
  }

  /** The first section of every note, then the second of every note, and so on. */
  #beginnings(): Chunk[] {
    return [...this.sections].sort((a, b) => a.ordinal - b.ordinal)
  }

  /** How much each term of a text says in these notes. */
  weights(text: string): TermWeights {
    return termWeights(termsOf(text), {
      total: this.sections.length,
      frequency: (term) => this.#index.frequency(term),
    })
  }
}

function sectionsOf({ name, text }: Note): Chunk[] {
  const title = firstHeadingOf(text) ?? basename(name, extname(name))
  return chunkDocument({ name, title, text }, SECTION_SIZE)
}
