import { basename, extname } from 'node:path'
import type { Note } from '#kit/notes/folder'
import { isStatement } from '#kit/offline/statement'
import { type Chunk, chunkDocument } from '#kit/retrieval/chunk'
import { LexicalIndex } from '#kit/retrieval/lexical-index'
import { pickFirstHeading } from '#kit/retrieval/markdown'
import type { TermWeights } from '#kit/retrieval/rerank'
import { extractTerms } from '#kit/retrieval/terms'
import { type Turn, toExchange } from './conversation.ts'

/**
 * From 128 to 1,000 tokens the evals score the same: the text below one heading of a note is short. 256,
 * because a table may be four times as long and must fit into the window next to others. No overlap: text
 * that is sent twice is paid for twice.
 */
const SECTION_SIZE = { maxTokens: 256, overlapTokens: 0 }

/**
 * Lexical search over notes: it finds the words of a question, or words with the same stem, and nothing else.
 */
export class NotesIndex {
  readonly notes: readonly Note[]
  readonly #index: LexicalIndex

  constructor(notes: readonly Note[]) {
    this.notes = notes
    this.#index = new LexicalIndex(notes.flatMap(splitNote))
  }

  get sections(): readonly Chunk[] {
    return this.#index.chunks
  }

  /**
   * Sections that share a term with the query, best first; for a query without a term, the beginnings of the
   * notes.
   */
  find(query: string, limit: number): Chunk[] {
    return this.#index.find(query, limit).map(({ chunk }) => chunk)
  }

  /** The weight of each term of a text: its inverse document frequency in these notes. */
  weights(text: string): TermWeights {
    return this.#index.weigh(text).weights
  }
}

function splitNote({ name, text }: Note): Chunk[] {
  const title = pickFirstHeading(text) ?? basename(name, extname(name))
  return chunkDocument({ name, title, text }, SECTION_SIZE)
}

const POINTS_BACK = /\b(?:it|its|he|she|him|her|they|them|their|that|those|these|this|there)\b/i

/**
 * The question that this one follows up on, or ''. "Who wrote it?" has too few words to search with, so the
 * search gets the words of the question before it as well.
 *
 * A question follows up when one of its words points back (`POINTS_BACK`), or when it has fewer than two terms
 * (`extractTerms`). It follows up on what the user asked last, word for word; turns in which the user only
 * stated something (`isStatement`) do not count. '' when there is no such turn, and for any other question.
 */
export function findPreviousQuestion(question: string, turns: readonly Turn[]): string {
  const isComplete = !POINTS_BACK.test(question) && extractTerms(question).length >= 2
  if (isComplete) return ''
  return turns.map((turn) => toExchange(turn).question).findLast((text) => !isStatement(text)) ?? ''
}
