import { sentencesOf } from './sentences.ts'

const MAX_SENTENCES = 5
const NUMBER = /\d[\d.,:]*/g
const NAME = /(?<=[\p{L}\p{N},;:"“] )\p{Lu}\p{L}{2,}/gu

/** For a question without a subject, such as "What is this about?": the sentences with the most names and numbers. */
export function overviewOf(passages: readonly { source: string; text: string }[]) {
  const sentences = passages.flatMap(({ source, text }) =>
    sentencesOf(text).map((sentence) => ({ source, text: sentence })),
  )
  const whole = sentences
    .map((sentence, place) => ({ ...sentence, place, score: detail(sentence.text) }))
    .filter(({ text }) => isWhole(text) && !text.includes('://'))
  const best = whole.sort((a, b) => b.score - a.score || a.place - b.place).slice(0, MAX_SENTENCES)
  return best.sort((a, b) => a.place - b.place)
}

function isWhole(text: string): boolean {
  return /^[\p{Lu}\p{N}*_"“`].*[.!?]$/u.test(text) && text.split(' ').length > 4
}

/** What a reader could not guess. Four are as good as more, and long sentences have no advantage. */
function detail(text: string): number {
  const count = (text.match(NUMBER)?.length ?? 0) + (text.match(NAME)?.length ?? 0)
  return Math.min(4, count) - text.length / 200
}
