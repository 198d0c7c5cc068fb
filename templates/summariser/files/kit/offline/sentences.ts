import { proseBlocks } from './blocks.ts'

/** One sentence as it stands in the document, whitespace collapsed, and the room it takes. */
export interface Sentence {
  text: string
  words: number
}

const MIN_WORDS = 7
const MAX_CHARACTERS = 400
const RUN_ON_PIECE = /\S.{0,398}(?!\S)|\S{1,400}/gsu // between words, or inside a word that is longer
// The segmenter takes time in proportion to the square of a long text, so it gets windows that end with a sentence.
const WINDOW = /.{1,8000}(?<=[.!?]\s|$)|.{1,8000}/gsu
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

// Unicode's rules see the end of a sentence after these; English does not.
const ABBREVIATION =
  /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|Gen|Rev|vs|cf|approx|No|Nos|Fig|Sec|Eq|pp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|(?:[A-Z]\.)*[A-Z])\.\s*$/

/**
 * The sentences of a document in order. What is too short to say anything alone is left out, unless there is nothing else;
 * a run of more than 400 characters without a full stop is cut between words.
 */
export function sentencesOf(document: string): Sentence[] {
  const all = proseBlocks(document).flatMap(splitSentences).map(measured)
  // A sentence that ends in a colon announces what follows it and says nothing without it.
  const telling = all.filter(({ text, words }) => words >= MIN_WORDS && !text.endsWith(':'))
  if (telling.length > 0) return telling
  return all.length > 0 ? all : linesOf(document).map(measured)
}

function measured(text: string): Sentence {
  return { text, words: countWords(text) }
}

/** Words, where 12 characters without a space count as a word: encoded data and Chinese take up room as well. */
function countWords(text: string): number {
  return Math.max(text.match(/\S+/g)?.length ?? 0, Math.ceil(text.length / 12))
}

function splitSentences(block: string): string[] {
  const sentences: string[] = []
  for (const window of block.match(WINDOW) ?? []) {
    for (const { segment } of segmenter.segment(window)) {
      const previous = sentences.at(-1)
      if (previous !== undefined && ABBREVIATION.test(previous.slice(-16))) {
        sentences[sentences.length - 1] = previous + segment
      } else {
        sentences.push(segment)
      }
    }
  }
  return sentences.flatMap(cutRunOn)
}

function cutRunOn(sentence: string): string[] {
  const text = sentence.trim()
  return text.length <= MAX_CHARACTERS ? [text] : (text.match(RUN_ON_PIECE) ?? [])
}

/** A document without prose, for example a list of headings or a source file: its lines are all there is to quote. */
function linesOf(document: string): string[] {
  return document
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .flatMap(cutRunOn)
}
