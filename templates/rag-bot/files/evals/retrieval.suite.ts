import * as z from 'zod'
import { evalCase, type Grader, type Suite } from '#kit/evals/suite'
import { retrieve } from '../src/retrieve.ts'
import { compareRetrieval } from './compare.ts'
import { scoreRanking } from './metrics.ts'
import { identifyEmbedder, listPaths, openSampleIndex } from './sample.ts'

export const retrievalCase = evalCase.extend({
  question: z.string().min(1),
  /**
   * All of it is needed. The quotes stand in the documents word for word, so that they are found however
   * those are cut.
   */
  evidence: z.array(z.strictObject({ document: z.string(), quote: z.string().min(1) })).min(1),
})
export type RetrievalCase = z.infer<typeof retrievalCase>

/** How many chunks a case looks at. */
export const DEPTH = 10

const ranking = z.array(z.object({ document: z.string(), text: z.string() }))

/** All that the answer needs is among the first chunks: what is not retrieved cannot be answered. */
const recall: Grader<RetrievalCase> = (output, { evidence }) => {
  const { recallAt5, reciprocalRank, ndcgAt10 } = scoreRanking(
    ranking.parse(JSON.parse(output || '[]')),
    evidence,
  )
  const reason = `recall@5 ${recallAt5.toFixed(2)}, first at ${reciprocalRank === 0 ? 'none' : 1 / reciprocalRank}, nDCG@10 ${ndcgAt10.toFixed(2)}`
  return { pass: recallAt5 === 1, score: ndcgAt10, reason }
}

export const suite: Suite<RetrievalCase> = {
  name: 'retrieval',
  schema: retrievalCase,
  cases: 'evals/retrieval.jsonl',
  baseline: 'evals/retrieval.baseline',
  files: ({ evidence }) => listPaths(evidence.map(({ document }) => document)),
  prompts: ['src/settings.ts'],
  prepare: () => openSampleIndex(),
  describe: ({ question, evidence }) => ({
    input: question,
    expected: evidence.map(({ quote }) => quote).join(' / '),
  }),
  renderOutput: (text) => {
    const found = ranking.parse(JSON.parse(text)).map(({ document }) => document)
    return [...new Set(found)].join(', ')
  },
  graders: { recall },
  open: identifyEmbedder,
  answer: async ({ question }, _llm, signal) => {
    const { hits } = await retrieve(await openSampleIndex(), {
      question,
      limit: DEPTH,
      perDocument: DEPTH,
      signal,
    })
    return JSON.stringify(hits.map(({ chunk: { document, text } }) => ({ document, text })))
  },
  echo: ({ question }) => JSON.stringify([{ document: '', text: question }]),
  compare: { name: 'retrieval', run: compareRetrieval },
}
