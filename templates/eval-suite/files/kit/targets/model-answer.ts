import { isRecord } from '#kit/console/json'
import { readFinish } from '#kit/servers/finish'
import { ThoughtReader } from '#kit/servers/thought-reader'
import { findReportedError, findServerWords } from '#kit/servers/words'

const CUTS = {
  length: 'it reached its output limit',
  content_filter: 'it was filtered',
  failed: 'the model failed',
}

/**
 * Throws an Error, with the server's words, for an answer or event that reports a failure although the status
 * was 200, and for one that says that the answer is cut off: what is there of it must not be graded.
 */
export function assertAnswer(said: unknown, hasText: boolean): void {
  const reported = isRecord(said) && said['error'] ? said : hasText ? undefined : findReportedError(said)
  if (reported) throw new Error(`the target reports an error: ${findReadableError(reported)}`)
  const [name] = listFinishes(said).filter((raw) => typeof raw === 'string')
  const finish = readFinish(name)
  if (finish === undefined || finish === 'stop' || finish === 'tool_calls') return
  throw new Error(`the answer is not whole: ${CUTS[finish]} (${name})`)
}

/** Where model servers say how an answer ended: chat completions, messages, Ollama, Gemini. */
function listFinishes(said: unknown): unknown[] {
  if (!isRecord(said)) return []
  const { choices, candidates, delta, stop_reason: stop, done_reason: done } = said
  const listed = [choices, candidates].flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []))
  const named = listed.flatMap((choice) => [choice['finish_reason'], choice['finishReason']])
  return [...named, stop, done, isRecord(delta) ? delta['stop_reason'] : undefined]
}

export function findReadableError(said: unknown): string {
  return (findServerWords(said) ?? JSON.stringify(said)).slice(0, 200)
}

/** The answer without what the model thought before it. Throws an Error when nothing is left. */
export function removeThoughts(text: string): string {
  const reader = new ThoughtReader(true)
  const pieces = [...reader.push(text), ...reader.end()]
  const answer = pieces.flatMap((piece) => (piece.kind === 'text' ? piece.text : [])).join('')
  if (answer.trim() === '') throw new Error('the answer is empty')
  return answer
}
