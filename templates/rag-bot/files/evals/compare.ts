import { renderMarkdownTable } from '#kit/evals/print'
import type { ComparisonOptions } from '#kit/evals/suite'
import { type ChunkSize, DEFAULT_CHUNK_SIZE } from '../src/chunk.ts'
import { retrieve } from '../src/retrieve.ts'
import type { Strategy } from '../src/settings.ts'
import { averageScores, type RetrievalScores, scoreRanking } from './metrics.ts'
import type { RetrievalCase } from './retrieval.suite.ts'
import { openSampleIndex } from './sample.ts'

const STRATEGIES: readonly Strategy[] = ['bm25', 'lexical', 'vector', 'hybrid']
const SIZES: readonly ChunkSize[] = [
  { maxTokens: 96, overlapTokens: 0 },
  { maxTokens: 128, overlapTokens: 32 },
  DEFAULT_CHUNK_SIZE,
  { maxTokens: 512, overlapTokens: 32 },
  { maxTokens: 1_024, overlapTokens: 0 },
]
const DEPTH = 10

interface Scored {
  testCase: RetrievalCase
  scores: RetrievalScores
}

/**
 * The ablation: strategies at the size that is used, sizes with the strategy that is used, and the strategies
 * question type by question type.
 */
export async function compareRetrieval(
  cases: readonly RetrievalCase[],
  options: ComparisonOptions,
): Promise<string> {
  const { embedder } = await openSampleIndex()
  const byStrategy: [string, Scored[]][] = []
  for (const strategy of STRATEGIES)
    byStrategy.push([strategy, await scoreAll(cases, DEFAULT_CHUNK_SIZE, strategy, options)])
  const bySize: [string, Scored[]][] = []
  for (const size of SIZES)
    bySize.push([
      `${size.maxTokens} tokens, overlap ${size.overlapTokens}`,
      await scoreAll(cases, size, undefined, options),
    ])
  return [
    `# Retrieval compared: ${cases.length} questions, vectors by ${embedder.modelId}${embedder.isSemantic ? '' : ' (words, not meaning)'}`,
    `## Strategies, chunks of at most ${DEFAULT_CHUNK_SIZE.maxTokens} tokens`,
    scoreTable('strategy', byStrategy),
    '## Chunk sizes, strategy as in src/settings.ts',
    scoreTable('chunks', bySize),
    '## nDCG@10 by kind of question',
    tagTable(byStrategy),
    `Differences of a few hundredths on ${cases.length} questions are noise: look at the questions that changed.\n`,
  ].join('\n\n')
}

async function scoreAll(
  cases: readonly RetrievalCase[],
  size: ChunkSize,
  strategy: Strategy | undefined,
  { signal, note }: ComparisonOptions,
): Promise<Scored[]> {
  note(`${strategy ?? 'as set'}, chunks of ${size.maxTokens} tokens: ${cases.length} questions`)
  const retriever = await openSampleIndex(size)
  const scored: Scored[] = []
  for (const testCase of cases) {
    const { question, evidence } = testCase
    const search = { question, limit: DEPTH, perDocument: DEPTH, signal, ...(strategy && { strategy }) }
    const { hits } = await retrieve(retriever, search)
    scored.push({
      testCase,
      scores: scoreRanking(
        hits.map(({ chunk }) => chunk),
        evidence,
      ),
    })
  }
  return scored
}

function scoreTable(what: string, rows: readonly [string, readonly Scored[]][]): string {
  const header = [what, 'recall@1', 'recall@5', 'recall@10', 'MRR', 'nDCG@10', 'context precision']
  const cells = rows.map(([name, scored]) => {
    const mean = averageScores(scored.map(({ scores }) => scores))
    const { recallAt1, recallAt5, recallAt10, reciprocalRank, ndcgAt10, contextPrecision } = mean
    const numbers = [recallAt1, recallAt5, recallAt10, reciprocalRank, ndcgAt10, contextPrecision]
    return [name, ...numbers.map((value) => value.toFixed(3))]
  })
  return renderMarkdownTable(header, cells)
}

function tagTable(rows: readonly [string, readonly Scored[]][]): string {
  const [[, first] = ['', []]] = rows
  const tags = [...new Set(first.flatMap(({ testCase }) => testCase.tags ?? []))].sort()
  const having = (scored: readonly Scored[], tag: string) =>
    scored.filter(({ testCase }) => testCase.tags?.includes(tag))
  const cells = tags.map((tag) => [
    tag,
    having(first, tag).length,
    ...rows.map(([, scored]) =>
      averageScores(having(scored, tag).map(({ scores }) => scores)).ndcgAt10.toFixed(3),
    ),
  ])
  return renderMarkdownTable(['kind', 'questions', ...rows.map(([name]) => name)], cells)
}
