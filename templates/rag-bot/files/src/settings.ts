import { DEFAULT_CHUNK_SIZE } from './chunk.ts'

/** `lexical` is BM25, then ranked again by pairs of words; `hybrid` fuses that with vectors. */
export type Strategy = 'bm25' | 'lexical' | 'vector' | 'hybrid'

/**
 * What there is to tune, in one place. Change one number, run `npm run eval:retrieval -- --compare` and `npm
 * run eval`, and believe the score and not the idea.
 */
export const settings = {
  /** How documents are cut. Another size means indexing again: `npm run ingest` sees that by itself. */
  chunkSize: DEFAULT_CHUNK_SIZE,
  /** Hits of each search that are ranked again and fused. */
  candidates: 50,
  /** Chunks that are sent along with the question. */
  sources: 6,
  /** Of them, from one document: a page that repeats a word must not fill the context. */
  perDocument: 3,
  /**
   * With vectors that know meaning, words and vectors are fused; the embedded hashed vectors only make
   * lexical search worse, so without a key words rank alone.
   */
  strategy: { semantic: 'hybrid', hashed: 'lexical' } satisfies Record<string, Strategy>,
  /**
   * Share of what is asked that one document must have, 0 to 1; below it the bot says that the docs do not
   * answer. On the questions of the evals, 0.5 lets 93 of 95 pass that share words with their page and stops
   * all 6 that are about something else. Words only, so it is not used with semantic vectors: there the model
   * decides.
   */
  minEvidence: 0.5,
  /** Tokens that an answer may have. Models that think spend them too. */
  maxAnswerTokens: 2_048,
} as const
