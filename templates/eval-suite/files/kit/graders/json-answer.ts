import type { z } from 'zod'

export type Json = z.core.util.JSONType

const DEEPEST = 64
const FENCED = /^```(?:json)?\s*\n([\s\S]*?)\n\s*```$/i

export type JsonAnswer = { value: Json } | { problem: string }

/**
 * Parses the whole answer, or the whole of one code fence, as JSON. JSON with text around it fails, as it
 * would in a program.
 */
export function parseJsonAnswer(answer: string): JsonAnswer {
  const text = answer.trim()
  const body = FENCED.exec(text)?.[1] ?? text
  if (measureDepth(body) > DEEPEST) return { problem: `nested deeper than ${DEEPEST}` }
  try {
    return { value: JSON.parse(body) }
  } catch {
    return { problem: 'not JSON' }
  }
}

/**
 * Measures the nesting of brackets outside strings. One pass: a pattern would restart at every quote of an
 * unclosed string.
 */
function measureDepth(json: string): number {
  let depth = 0
  let deepest = 0
  let isString = false
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (isString && character === '\\') at++
    else if (character === '"') isString = !isString
    else if (!isString && (character === '[' || character === '{')) deepest = Math.max(deepest, ++depth)
    else if (!isString && (character === ']' || character === '}')) depth--
  }
  return deepest
}
