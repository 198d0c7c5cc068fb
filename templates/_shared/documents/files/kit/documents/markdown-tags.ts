import { INLINE, isHidden, UNSEEN } from './hidden.ts'

/** A tag in Markdown or MDX source. */
export interface Tag {
  /** In lower case; empty for the tags of a fragment, `<>` and `</>`. */
  name: string
  opens: boolean
  /** What hides the element's content, if it is hidden: its name (`kind`) or its attributes. */
  hides: 'kind' | 'attributes' | undefined
  end: number
}

// Every repetition is bounded, so that a text full of unfinished tags takes linear time.
const BRACES = '\\{(?:[^{}]|\\{(?:[^{}]|\\{[^{}]{0,500}\\}){0,500}\\}){0,500}\\}'
const NAME = '[A-Za-z_:@][\\w.:@-]{0,100}'
const EQUALS = '\\s{0,50}=\\s{0,50}'
const VALUE = `"[^"]{0,2000}"|'[^']{0,2000}'|${BRACES}|[^\\s"'<>={}\`]{1,2000}`
const ATTRIBUTES = `(?:\\s{1,200}(?:${NAME}(?:${EQUALS}(?:${VALUE}))?|${BRACES})){0,100}`
const TAG = new RegExp(`<(/?)([A-Za-z][\\w.:-]{0,100})?(${ATTRIBUTES})\\s{0,200}(/?)>`, 'y')
const EACH_ATTRIBUTE = new RegExp(`\\s(${NAME})(?:${EQUALS}(${VALUE}))?`, 'g')
const COMPONENT = /^[A-Z].*[a-z]/
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
const KNOWN = new Set([
  ...INLINE,
  ...UNSEEN,
  ...VOID,
  ...(
    'address article aside blockquote center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup label ' +
    'li main nav ol p pre rp rt ruby section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
])

/** Returns the tag that starts at `at`, or undefined if there is none. */
export function tagAt(text: string, at: number): Tag | undefined {
  TAG.lastIndex = at
  const match = TAG.exec(text)
  if (match === null) return undefined
  const [, slash, written = '', attributes = '', selfClosing] = match
  const name = written.toLowerCase()
  const opens = slash === '' && selfClosing === '' && !VOID.has(name)
  const isUnseen = UNSEEN.has(name) && !COMPONENT.test(written)
  const hides = isUnseen ? 'kind' : hidesItself(attributes) ? 'attributes' : undefined
  return { name, opens, hides, end: TAG.lastIndex }
}

/**
 * Returns whether the tag is HTML.
 * In Markdown, another one such as `<file>` may be text that the author wants to show.
 */
export function isHtml({ name }: Tag): boolean {
  return KNOWN.has(name)
}

/** Returns what replaces a tag: nothing for an inline element, else a space that keeps two words apart. */
export function getReplacement({ name }: Tag): string {
  return INLINE.has(name) || name === '' ? '' : ' '
}

/**
 * Returns where the element that `tag` opens ends, or undefined if it is never closed.
 * Counts nested elements of the same name.
 */
export function findElementEnd(text: string, { name, end }: Tag): number | undefined {
  const tags = new RegExp(`<(/?)${name.replaceAll('.', '\\.')}(?=[\\s/>])[^<>]{0,2000}>`, 'gi')
  tags.lastIndex = end
  let depth = 1
  for (let match = tags.exec(text); match !== null; match = tags.exec(text)) {
    if (match[1] === '/') depth -= 1
    else if (!match[0].endsWith('/>')) depth += 1
    if (depth === 0) return tags.lastIndex
  }
  return undefined
}

function hidesItself(source: string): boolean {
  const attributes = new Map(
    [...source.matchAll(EACH_ATTRIBUTE)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value.replace(/^(["'])(.*)\1$/s, '$2'),
    ]),
  )
  return isHidden((name) => attributes.get(name))
}
