import { splitSentences } from '#kit/text/sentences'
import { splitProse } from './blocks.ts'

/** One sentence as it stands in the document, whitespace collapsed, and the room it takes. */
export interface Sentence {
  text: string
  words: number
}

const MIN_WORDS = 7
const MAX_CHARACTERS = 400
const RUN_ON_PIECE = /\S.{0,398}(?!\S)|\S{1,400}/gsu // between words, or inside a word that is longer

/**
 * The sentences of a document in order. What is too short to say anything alone is left out, unless there is nothing else;
 * a run of more than 400 characters without a full stop is cut between words.
 */
export function extractSentences(document: string): Sentence[] {
  const all = splitProse(document)
    .flatMap((block) => splitSentences(block))
    .flatMap(cutRunOn)
    .map(measureSentence)
  // A sentence that ends in a colon announces what follows it and says nothing without it.
  const telling = all.filter(({ text, words }) => words >= MIN_WORDS && !text.endsWith(':'))
  if (telling.length > 0) return telling
  return all.length > 0 ? all : splitBareLines(document).map(measureSentence)
}

function measureSentence(text: string): Sentence {
  return { text, words: estimateWords(text) }
}

/** Words, where 12 characters without a space count as a word: encoded data and Chinese take up room as well. */
function estimateWords(text: string): number {
  return Math.max(text.match(/\S+/g)?.length ?? 0, Math.ceil(text.length / 12))
}

function cutRunOn(sentence: string): string[] {
  const text = sentence.trim()
  return text.length <= MAX_CHARACTERS ? [text] : (text.match(RUN_ON_PIECE) ?? [])
}

/** A document without prose, for example a list of headings or a source file: its lines are all there is to quote. */
function splitBareLines(document: string): string[] {
  return document
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .flatMap(cutRunOn)
}
