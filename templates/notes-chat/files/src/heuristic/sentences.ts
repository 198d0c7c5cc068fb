const ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/
const CODE_FENCE = /^\s*(?:```|~~~)/
const STARTS_OWN_UNIT = /^\s*(?:[-*+•]\s|\d{1,3}[.)]\s|\||>|\d{4}-\d{2}-\d{2})/
const MARKUP = /^\s*(?:<[a-z!/]|\[!\[|!\[|\[[^\]]*\]:|[-=*_|:\s]*$)/i // HTML, badges, link targets, rules, blank
const ABBREVIATION = /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|St|vs|No|approx|e\.g|i\.e|etc|[A-Z])\.\s*$/
const STANDS_ALONE = 7 // words
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/** Sentences, list items, table rows and lines of code of a section, in its order and word for word, whitespace collapsed. */
export function sentencesOf(section: string): string[] {
  return unitsOf(section)
    .flatMap(({ text, isProse }) => (isProse ? splitSentences(text) : [text]))
    .filter((sentence) => (sentence.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= 2)
}

interface Unit {
  text: string
  isProse: boolean
}

function unitsOf(section: string): Unit[] {
  const units: Unit[] = []
  let lines: string[] = []
  let inCode = false
  const flush = () => {
    if (lines.length > 0) units.push({ text: lines.join(' ').replaceAll(/\s+/g, ' ').trim(), isProse: true })
    lines = []
  }
  for (const line of section.split('\n')) {
    const isFence = CODE_FENCE.test(line)
    if (isFence || inCode || MARKUP.test(line) || STARTS_OWN_UNIT.test(line)) flush()
    if (isFence) inCode = !inCode
    else if (inCode || /^\s*\|/.test(line)) units.push({ text: line.trim(), isProse: false })
    else if (!MARKUP.test(line)) lines.push(line.replace(ITEM, '').replace(/^\s*>\s?/, ''))
  }
  flush()
  return units
}

/** A short sentence ("There are 19 of them.") says little without the one before it, so it stays with that. */
function splitSentences(text: string): string[] {
  const sentences: string[] = []
  for (const { segment } of segmenter.segment(text)) {
    const previous = sentences.at(-1)
    const isShort = segment.trim().split(' ').length < STANDS_ALONE
    if (previous !== undefined && (isShort || ABBREVIATION.test(previous.slice(-12))))
      sentences[sentences.length - 1] = previous + segment
    else sentences.push(segment)
  }
  return sentences.map((sentence) => sentence.trim())
}
