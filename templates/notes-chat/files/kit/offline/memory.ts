import * as z from 'zod'
import { estimateTokens } from '#kit/llm/tokens'
import { listQuotableSentences } from '#kit/retrieval/sentences'
import { isStatement } from './statement.ts'

/** Turns to remember as the heuristic provider gets them. */
const memoryRequest = z.strictObject({
  memory: z.string(),
  turns: z.array(z.strictObject({ question: z.string(), answer: z.string() })),
  maxTokens: z.number(),
})

const SAID = '- You said: '
const ASKED = '- You asked: '

/**
 * A memory of sentences from the conversation, word for word, oldest first: what the user said and, while
 * there is room, each question with the first sentence of its answer. It skips questions whose answer
 * contains `refusal`.
 */
export function rememberTurns(input: unknown, refusal: string): string {
  const { memory, turns, maxTokens } = memoryRequest.parse(input)
  const lines = [...memory.split('\n').filter(Boolean), ...turns.flatMap((turn) => writeLines(turn, refusal))]
  const bySubject = [
    ...lines.filter((line) => line.startsWith(SAID)),
    ...lines.filter((line) => !line.startsWith(SAID)).reverse(),
  ]
  const kept = new Set<string>()
  let room = maxTokens
  for (const line of bySubject) {
    room -= estimateTokens(line) + 1
    if (room < 0) break
    kept.add(line)
  }
  return lines.filter((line) => kept.has(line)).join('\n') || '- Nothing worth remembering.'
}

/** The user's own words in a memory, to answer from. */
export function readStatements(memory: string): string {
  return memory
    .split('\n')
    .filter((line) => line.startsWith(SAID))
    .map((line) => line.slice(SAID.length))
    .join('\n\n')
}

function writeLines({ question, answer }: { question: string; answer: string }, refusal: string): string[] {
  const said = listQuotableSentences(question).filter(isStatement)
  if (said.length > 0) return said.map((sentence) => `${SAID}${sentence}`)
  const [first] = listQuotableSentences(answer)
  if (first === undefined || answer.includes(refusal)) return []
  return [`${ASKED}${question.replaceAll(/\s+/g, ' ')} The answer was: ${first}`]
}
