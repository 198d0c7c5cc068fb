import { isRecord } from '#kit/console/json'

/** The one JSON object in a model's answer, or why there is none. */
export type ParsedObject = { value: Record<string, unknown> } | { problem: string }

/**
 * Reads the object out of code fences and the text around it. Two objects, or one key twice, are a problem:
 * the text does not say which one is meant, and `JSON.parse` would silently take the last. NaN and Infinity
 * become strings, so that one bad number costs one field and not the document.
 */
export function parseObject(text: string): ParsedObject {
  const start = text.indexOf('{')
  if (start === -1) return { problem: 'there is no JSON object in it' }
  const end = findEnd(text, start)
  if (end === undefined) return { problem: 'the JSON object is not closed' }
  if (text.indexOf('{', end) !== -1) return { problem: 'there is more than one JSON object in it' }
  const json = text.slice(start, end).replace(STRING_OR_NOT_A_NUMBER, (token) => {
    return token.startsWith('"') ? token : JSON.stringify(token)
  })
  const repeated = findRepeatedKey(json)
  if (repeated !== undefined) return { problem: `the key ${repeated} stands twice in one object` }
  try {
    const value: unknown = JSON.parse(json)
    return isRecord(value) ? { value } : { problem: 'it is not a JSON object' }
  } catch (error) {
    return { problem: `it is not valid JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const STRING = String.raw`"(?:[^"\\]|\\.)*"`
const STRING_OR_NOT_A_NUMBER = new RegExp(`${STRING}|-?\\b(?:NaN|Infinity)\\b`, 'gs')
const TOKEN = new RegExp(`${STRING}|[{}[\\]:,]`, 'gs')

/** Finds the index after the brace that closes the one at `start`. */
function findEnd(text: string, start: number): number | undefined {
  let depth = 0
  for (const { 0: token, index } of text.slice(start).matchAll(TOKEN)) {
    if (token === '{') depth += 1
    if (token === '}') depth -= 1
    if (depth === 0) return start + index + 1
  }
  return undefined
}

/** Finds the first key that one object has twice, in its spelling in the text. */
function findRepeatedKey(json: string): string | undefined {
  const open: Set<unknown>[] = []
  let last = ''
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set())
    if (token === '}' || token === ']') open.pop()
    const keys = open.at(-1)
    if (token === ':' && keys !== undefined) {
      // Escapes are another way to write the same key.
      const key = decode(last)
      if (keys.has(key)) return last.slice(0, 80)
      keys.add(key)
    }
    last = token
  }
  return undefined
}

function decode(key: string): unknown {
  try {
    return JSON.parse(key)
  } catch {
    // Not a valid key: parsing the whole object reports it.
    return key
  }
}
