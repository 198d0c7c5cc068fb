import { estimateTokens } from '#kit/llm/tokens'
import { sentencesOf } from '#kit/retrieval/sentences'
import { memoryRequest } from '../../src/memory.ts'
import { REFUSAL } from '../../src/prompts.ts'
import { isStatement } from './request.ts'

const SAID = '- You said: '
const ASKED = '- You asked: '

/**
 * A memory of sentences from the conversation, word for word, oldest first: what the user said, and while there is room what
 * was asked and the first sentence of its answer. Questions that had no answer are not worth remembering.
 */
export function rememberTurns(input: unknown): string {
  const { memory, turns, maxTokens } = memoryRequest.parse(input)
  const lines = [...memory.split('\n').filter(Boolean), ...turns.flatMap(linesOf)]
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
export function saidInMemory(memory: string): string {
  return memory
    .split('\n')
    .filter((line) => line.startsWith(SAID))
    .map((line) => line.slice(SAID.length))
    .join('\n\n')
}

function linesOf({ question, answer }: { question: string; answer: string }): string[] {
  const said = sentencesOf(question).filter(isStatement)
  if (said.length > 0) return said.map((sentence) => `${SAID}${sentence}`)
  const [first] = sentencesOf(answer)
  if (first === undefined || answer.includes(REFUSAL)) return []
  return [`${ASKED}${question.replaceAll(/\s+/g, ' ')} The answer was: ${first}`]
}
