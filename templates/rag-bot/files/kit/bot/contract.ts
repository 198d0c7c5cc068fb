import type { DocumentList } from '#kit/documents/list-documents'
import type { Embedder } from '#kit/embeddings/open'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import type { Llm } from '#kit/llm/model'
import type { CitationCheck, Claim } from '#kit/retrieval/citations'
import type { Passage } from '#kit/retrieval/passages'
import type { Filter, Hit, Store } from '#kit/store/store'

/** The contract between src/ and the programs around it (terminal, API). */

export interface Question {
  question: string
  history?: readonly Turn[]
  filter?: Filter
  signal?: AbortSignal
}

/** A question and its answer. */
export interface Turn {
  /** As it was understood: follow-ups are rewritten. */
  question: string
  answer: string
}

/** A chunk that is sent to the model with a question and cited by its number. */
export interface Source {
  /** From 1. */
  number: number
  id: string
  document: string
  title: string
  headings: readonly string[]
  text: string
  score: number
}

/** A hit as the source at an index, from 0. */
export function toSource({ chunk, score }: Hit, index: number): Source {
  const { id, document, title, headings, text } = chunk
  return { number: index + 1, id, document, title, headings, text, score }
}

/** A claim of an answer, checked, and where its sources say it. */
export interface Citation {
  /** Its place among the claims of the answer, from 0. */
  index: number
  claim: Claim
  /**
   * Into the text of the source with that number. None for a source that says it in its heading, or not at
   * all.
   */
  passages: (Passage & { source: number })[]
}

/**
 * The events of an answer: the sources first, then deltas with the checked claims a little behind them; done
 * comes last.
 */
export type AnswerEvent =
  | { type: 'sources'; question: string; sources: Source[] }
  | { type: 'delta'; text: string }
  | { type: 'citation'; citation: Citation }
  | { type: 'done'; answer: Answer }

export interface Answer {
  /** As it was understood. */
  question: string
  text: string
  /** The docs do not answer it. */
  refused: boolean
  /** What was sent along; after a refusal, the nearest sections. */
  sources: Source[]
  citations: CitationCheck
  /** Each claim with the passages that it rests on. */
  cited: Citation[]
}

/** The parts of a bot. */
export interface BotParts {
  store: Store
  embedder: Embedder
  llm: Llm
}

/** A bot as the programs around it see it. */
export interface RunningBot {
  ask(question: Question): AsyncGenerator<AnswerEvent>
  retrieve(search: { question: string; limit?: number; signal?: AbortSignal }): Promise<Found>
}

export interface Found {
  strategy: string
  /** Best first. */
  hits: Hit[]
}

export interface IngestOptions {
  store: Store
  embedder: Embedder
  signal: AbortSignal
  /** Called after each document. */
  onProgress: (progress: Progress) => void
}

export interface Progress {
  /** Documents looked at so far, of all. */
  done: number
  total: number
  /** Indexed by this run. */
  chunks: number
  /** Of the document that was just looked at. */
  name: string
}

export interface Ingested {
  indexed: number
  unchanged: number
  removed: number
  chunks: number
  /**
   * One line for each file that cannot be read: its name and the reason. Other files continue; the file's
   * earlier index entries stay.
   */
  skipped: string[]
}

/** The parts that src/ provides to the programs around it. */
export interface Lesson {
  ingest(folder: DocumentList, options: IngestOptions): Promise<Ingested>
  createBot(parts: BotParts): RunningBot
  /** What the heuristic provider answers with when there is no key. */
  tasks: HeuristicTasks
  /** A text as a vector, when no provider makes vectors. */
  hashedVector(text: string): number[]
}
