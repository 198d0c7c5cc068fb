import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ranker, selectSentences } from '../../templates/summariser/files/kit/offline/select.ts'
import { extractSentences, type Sentence } from '../../templates/summariser/files/kit/offline/sentences.ts'
import { rankSentences } from '../../templates/summariser/files/kit/offline/summarise.ts'
import { extractTopicTerms } from '../../templates/summariser/files/kit/offline/terms.ts'
import { computeTextRank } from '../../templates/summariser/files/kit/offline/text-rank.ts'
import { chooseWordCount, type Length, type Style } from '../../templates/summariser/files/src/request.ts'

/**
 * How many key facts of the summariser's eval set do ways of choosing sentences keep, within the same number of words?
 * The weights in the template were chosen with all of these documents in view: the two halves show how much a figure varies
 * with the documents, not how it holds on unseen ones.
 * Run from the root: npx tsc -p tsconfig.build.json && node .build/bench/summary-recall/main.js
 */

interface Case {
  id: string
  document: string
  length: Length
  style: Style
  facts: string[][]
}

type Method = (sentences: readonly Sentence[], words: number) => readonly Sentence[]

const EVALS = 'templates/summariser/files/evals'

const lead: Method = (sentences, budget) => {
  let room = budget
  const end = sentences.findIndex(({ words }, index) => {
    room -= words
    return room < 0 && index > 0
  })
  return end < 0 ? sentences : sentences.slice(0, end)
}

const ranked =
  (rank: Ranker): Method =>
  (sentences, words) =>
    selectSentences(sentences, { words, sentences: Number.POSITIVE_INFINITY }, rank)

const position = (index: number, count: number) => 1 - index / count

const centrality: Ranker = (_, graph) => computeTextRank(graph)

const centralityAndPosition: Ranker = (sentences, graph) =>
  computeTextRank(graph).map((score, index) => 0.65 * score + 0.35 * position(index, sentences.length))

const frequencyAndPosition: Ranker = (sentences) =>
  frequency(sentences).map((score, index) => 0.65 * score + 0.35 * position(index, sentences.length))

/** Mean count of a sentence's terms in the text, terms that occur once not counted, the best scaled to 1. */
function frequency(sentences: readonly Sentence[]): number[] {
  const counts = new Map<string, number>()
  for (const term of sentences.flatMap(({ text }) => extractTopicTerms(text)))
    counts.set(term, (counts.get(term) ?? 0) + 1)
  const scores = sentences.map(({ text }) => {
    const terms = [...new Set(extractTopicTerms(text))]
    const repeated = terms.map((term) => counts.get(term) ?? 0).filter((count) => count > 1)
    return repeated.reduce((sum, count) => sum + count, 0) / (terms.length + 2)
  })
  const best = Math.max(...scores)
  return scores.map((score) => score / best)
}

const METHODS: Record<string, Method> = {
  'lead (first sentences)': lead,
  'frequency + position, MMR': ranked(frequencyAndPosition),
  'TextRank, MMR': ranked(centrality),
  'TextRank + position, MMR': ranked(centralityAndPosition),
  'TextRank + detail + brevity, MMR (in the template)': ranked(rankSentences),
}

const cases: Case[] = readFileSync(join(EVALS, 'cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const documents = [...new Set(cases.map(({ document }) => document))]
const half = (parity: number) => cases.filter(({ document }) => documents.indexOf(document) % 2 === parity)

console.log(
  `Key facts kept, mean of ${cases.length} cases on ${documents.length} documents, same number of words for all\n`,
)
console.log('| method | half A | half B | all | cases with 60 % of their facts |')
console.log('|---|---|---|---|---|')
for (const [name, method] of Object.entries(METHODS)) {
  const recalls = [half(0), half(1), cases].map((some) =>
    mean(some.map((one) => recall(one, method))).toFixed(2),
  )
  const useful = cases.filter((one) => recall(one, method) >= 0.6).length
  console.log(`| ${name} | ${recalls.join(' | ')} | ${useful} of ${cases.length} |`)
}

function recall(testCase: Case, method: Method): number {
  const sentences = extractSentences(readFileSync(join(EVALS, 'documents', testCase.document), 'utf8'))
  const summary = method(sentences, chooseWordCount(testCase))
    .map(({ text }) => text)
    .join(' ')
  return (
    testCase.facts.filter((spellings) => spellings.some((one) => states(summary, one))).length /
    testCase.facts.length
  )
}

/** The eval set's own rule, in short: whole words and whole numbers, letter case aside. */
function states(summary: string, spelling: string): boolean {
  const literal = spelling.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}]|\\d[.,])${literal}(?![\\p{L}\\p{N}]|[.,]\\d)`, 'iu').test(summary)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
