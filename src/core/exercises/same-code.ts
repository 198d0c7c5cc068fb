import jsTokens from 'js-tokens'

interface CodeToken {
  isName: boolean
  text: string
}

/**
 * Whether a file defines a function that is the reference but for names, comments and formatting. `reference`
 * is the function's text, from `function` or `async` to its end.
 */
export function hasSameCode(file: string, reference: string): boolean {
  const wanted = tokenizeCode(reference)
  const found = tokenizeCode(file)
  const opening = wanted.slice(0, 1 + wanted.findIndex(({ isName }) => isName)).map(({ text }) => text)
  const starts = found.flatMap((_, index) =>
    opening.every((text, offset) => found[index + offset]?.text === text) ? [index] : [],
  )
  const shape = describeShape(wanted)
  return starts.some((start) => describeShape(found.slice(start, start + wanted.length)) === shape)
}

/** Names are numbered in the order in which they first appear, so that renaming changes nothing. */
function describeShape(tokens: readonly CodeToken[]): string {
  const numbers = new Map<string, number>()
  return tokens
    .map(({ isName, text }) => {
      if (!isName) return text
      if (!numbers.has(text)) numbers.set(text, numbers.size)
      return `$${numbers.get(text)}`
    })
    .join(' ')
}

const IGNORED = new Set(['WhiteSpace', 'LineTerminatorSequence', 'MultiLineComment', 'SingleLineComment'])
const KEYWORDS = new Set(
  'async await break case catch class const continue default delete do else export extends false finally for function if import in instanceof let new null of return super switch this throw true try typeof undefined var void while yield'.split(
    ' ',
  ),
)

/** Drops what a formatter adds or removes: semicolons, commas before a closing bracket, kinds of quotes. */
function tokenizeCode(text: string): CodeToken[] {
  const tokens = [...jsTokens(text)].filter(({ type, value }) => !IGNORED.has(type) && value !== ';')
  const plain = tokens.flatMap(({ type, value }, index) => {
    const next = tokens[index + 1]?.value ?? ''
    if (value === ',' && /^[)\]}]$/.test(next)) return []
    const isName = type === 'IdentifierName' && !KEYWORDS.has(value)
    return [{ isName, text: type === 'StringLiteral' ? `'${value.slice(1, -1)}'` : value }]
  })
  return keepProperties(plain)
}

/** Names of properties stay: they belong to types that others share. `{ a }` becomes `{ a: a }`. */
function keepProperties(tokens: readonly CodeToken[]): CodeToken[] {
  const open: string[] = []
  return tokens.flatMap((token, index) => {
    const { isName, text } = token
    if (/^[([{]$/.test(text)) open.push(text)
    if (/^[)\]}]$/.test(text)) open.pop()
    const [before = '', after = ''] = [tokens[index - 1]?.text, tokens[index + 1]?.text]
    const key = { isName: false, text }
    if (!isName) return [token]
    if (before === '.' || before === '?.') return [key]
    if (open.at(-1) !== '{' || !/^[{,]$/.test(before)) return [token]
    if (after === ':') return [key]
    return /^[,}=]$/.test(after) ? [key, { isName: false, text: ':' }, token] : [token]
  })
}
