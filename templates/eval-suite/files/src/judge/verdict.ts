export interface Verdict<T> {
  choice: T
  /** The judge's text before the verdict. */
  because: string
}

/** What may stand around a verdict and says nothing: Markdown, quotes, brackets, `\boxed{…}`. */
const WRAPPING = String.raw`(?:\\boxed|[\s*_\x60~>#"'“”‘’«»<([{|$])`
const LABEL = String.raw`(?:(?:the|my|final|overall|is|level|score|grade|rating|verdict|choice|answer)\b)`
const BEFORE = new RegExp(`^(?:${WRAPPING}|[:=]|[-–—→•]>?(?=\\s)|->|→|${LABEL})*`, 'i')
/** After it: a closing bracket, a remark, `of 4`. Not `-5`, `or 3`, `and a half`, `%` or `?`. */
const UNSURE =
  /^(?:[\p{sc=Latin}\d%+?±⁄]|[.,:]\d|\s*(?:[-–—~/…]|\.\.|to|or|and|through)\s*(?:\d|a?\s*half|first\b|second\b|neither\b))/iu
const TAKEN_BACK =
  /\b(?:or|no|not sure|rather|actually|maybe|perhaps|make (?:it|that))\b\W*(?:\w+\W+){0,2}?(\d+|first|second|neither)\b/i
const OUT_OF = /^\s*(?:\/|out of|of)\s*(\d+)/i

/**
 * The judge's last verdict: what follows this prompt's mark, on its line or, if that is empty, on the next.
 * Read as a person reads it: brackets, quotes, a label (`level 4`), the scale (`4/4`) and a remark after it
 * change nothing. A judge that quotes another verdict, thinks aloud or corrects itself is read as it ended.
 * Null for none, for two at once, and for one that is not among the choices: 10 of 5, 4.5, "NaN", "four".
 */
export function readVerdict<T extends string | number>(
  text: string,
  mark: string,
  choices: readonly T[],
): Verdict<T> | null {
  const lines = text.split('\n')
  const at = lines.findLastIndex((line) => line.includes(mark))
  const onLine = cleanStart(lines[at]?.split(mark).at(-1) ?? '')
  const said = onLine || readNextLine(lines.slice(at + 1))
  const choice = at < 0 ? undefined : findChoice(said, choices)
  if (choice === undefined) return null
  return { choice, because: lines.slice(0, at).join(' ').replaceAll(/\s+/g, ' ').trim() }
}

/** The first line that says something; empty for an entry of a numbered list. */
function readNextLine(lines: readonly string[]): string {
  const line = lines.map(cleanStart).find((one) => one !== '') ?? ''
  return /^\d+[.)]\s+\S/.test(line) ? '' : line
}

/** Compatibility forms are read as what they stand for: `：` is a colon, `４` a digit. */
function cleanStart(line: string): string {
  return line.normalize('NFKC').replace(BEFORE, '').trim()
}

function findChoice<T extends string | number>(said: string, choices: readonly T[]): T | undefined {
  const word = /^(?:\d+(?:[.,]0+(?!\d))?|[a-z]+)/i.exec(said)?.[0] ?? ''
  const plain = word.toLowerCase().replace(/[.,]0+$/, '')
  const choice = choices.find((one) => String(one) === plain)
  const rest = said.slice(word.length)
  const scale = OUT_OF.exec(rest.replace(/^[*_\x60"'>)\]]+/, ''))?.[1]
  const highest = String(choices.at(-1))
  if (typeof choice === 'number' && scale !== undefined) return scale === highest ? choice : undefined
  const other = TAKEN_BACK.exec(rest)?.[1]?.toLowerCase()
  return UNSURE.test(rest) || (other !== undefined && other !== plain) ? undefined : choice
}
