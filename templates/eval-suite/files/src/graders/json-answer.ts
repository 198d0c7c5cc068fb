import type { z } from 'zod'

export type Json = z.core.util.JSONType

const LONGEST = 1_000_000 // characters
const DEEPEST = 64
const FENCED = /^```(?:json)?\s*\n([\s\S]*?)\n\s*```$/i

export type JsonAnswer = { value: Json } | { problem: string }

/** The answer as JSON: all of it, or all of one code fence. JSON with talk around it is not what a program can read. */
export function jsonIn(answer: string): JsonAnswer {
  const text = answer.trim()
  if (text.length > LONGEST) return { problem: `longer than ${LONGEST} characters` }
  const body = FENCED.exec(text)?.[1] ?? text
  if (depthOf(body) > DEEPEST) return { problem: `nested deeper than ${DEEPEST}` }
  try {
    return { value: JSON.parse(body) }
  } catch {
    return { problem: 'not JSON' }
  }
}

/** Of brackets, those in strings aside. */
function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth)
    else if (token === ']' || token === '}') depth--
  }
  return deepest
}
