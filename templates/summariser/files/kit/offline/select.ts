import type { Sentence } from './sentences.ts'
import { extractTopicTerms } from './terms.ts'
import { computeSimilarities, type Similarities } from './text-rank.ts'

/** A score for each sentence, higher is better, of about 1 at most. */
export type Ranker = (sentences: readonly Sentence[], graph: Similarities) => number[]

const MAX_RANKED = 600 // sentences: all pairs are compared, so a longer text is thinned out first
const NOVELTY = 0.7 // 1 would ignore what is already chosen

/** The limits of a selection. One sentence is always selected, even a longer one. */
export interface Budget {
  words: number
  sentences: number
}

/** Selects the best sentences within the budget, in the order of the text. */
export function selectSentences(all: readonly Sentence[], budget: Budget, rank: Ranker): Sentence[] {
  const sentences = thinOut(dedupeSentences(all), MAX_RANKED)
  const graph = computeSimilarities(sentences.map(({ text }) => extractTopicTerms(text)))
  const chosen = selectByMarginalRelevance(sentences, rank(sentences, graph), graph, budget)
  return sentences.filter((_, index) => chosen.has(index))
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): picks the best sentence that repeats least,
 * again and again.
 */
function selectByMarginalRelevance(
  sentences: readonly Sentence[],
  scores: readonly number[],
  graph: Similarities,
  budget: Budget,
): Set<number> {
  const chosen = new Set<number>()
  const repeated = new Float64Array(sentences.length) // the closest similarity to a chosen sentence
  const value = (index: number) => NOVELTY * (scores[index] ?? 0) - (1 - NOVELTY) * (repeated[index] ?? 0)
  let room = budget.words
  while (chosen.size < budget.sentences) {
    const left = [...sentences.keys()].filter((index) => !chosen.has(index))
    const fitting = left.filter((index) => (sentences[index]?.words ?? 0) <= room)
    const candidates = fitting.length === 0 && chosen.size === 0 ? left : fitting
    if (candidates.length === 0) break
    const best = candidates.reduce((a, b) => (value(b) > value(a) ? b : a))
    chosen.add(best)
    room -= sentences[best]?.words ?? 0
    for (let i = 0; i < graph.size; i++) {
      repeated[i] = Math.max(repeated[i] ?? 0, graph.values[best * graph.size + i] ?? 0)
    }
  }
  return chosen
}

/** Drops repeated sentences, such as the footer of every page. */
function dedupeSentences(sentences: readonly Sentence[]): Sentence[] {
  const seen = new Set<string>()
  return sentences.filter(({ text }) => !seen.has(text) && seen.add(text))
}

/**
 * Keeps the `max` sentences whose terms the text uses most, in the order of the text. Near linear, while
 * TextRank is quadratic.
 */
function thinOut(sentences: readonly Sentence[], max: number): readonly Sentence[] {
  if (sentences.length <= max) return sentences
  const terms = sentences.map(({ text }) => extractTopicTerms(text))
  const counts = new Map<string, number>()
  for (const list of terms) for (const term of list) counts.set(term, (counts.get(term) ?? 0) + 1)
  const weights = terms.map((list) => {
    const frequency = list.reduce((sum, term) => sum + (counts.get(term) ?? 0), 0)
    return frequency / (list.length + 1)
  })
  const order = weights.map((weight, index) => ({ weight, index }))
  order.sort((a, b) => b.weight - a.weight || a.index - b.index)
  const kept = new Set(order.slice(0, max).map(({ index }) => index))
  return sentences.filter((_, index) => kept.has(index))
}
