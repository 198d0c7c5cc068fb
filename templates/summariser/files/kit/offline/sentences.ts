import { splitSentences } from '#kit/text/sentences'
import { splitProse } from './blocks.ts'

/** One sentence of the document, whitespace collapsed, and its length. */
export interface Sentence {
  text: string
  words: number
}

const MIN_WORDS = 7
const MAX_CHARACTERS = 400
const RUN_ON_PIECE = /\S.{0,398}(?!\S)|\S{1,400}/gsu // between words, or inside a word that is longer

/**
 * Extracts the sentences of a document in order. Skips fragments that are too short to mean anything, unless
 * there is nothing else; a run of more than 400 characters without a full stop is cut between words.
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

/**
 * Estimates the words of a text: at least one per 12 characters, since encoded data and Chinese have no
 * spaces.
 */
function estimateWords(text: string): number {
  return Math.max(text.match(/\S+/g)?.length ?? 0, Math.ceil(text.length / 12))
}

function cutRunOn(sentence: string): string[] {
  const text = sentence.trim()
  return text.length <= MAX_CHARACTERS ? [text] : (text.match(RUN_ON_PIECE) ?? [])
}

/**
 * Splits a document without prose, such as a list of headings or a source file, into lines: only those can be
 * quoted.
 */
function splitBareLines(document: string): string[] {
  return document
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .flatMap(cutRunOn)
}
