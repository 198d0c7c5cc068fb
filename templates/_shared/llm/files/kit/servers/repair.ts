import { isRecord, parseJson } from '#kit/console/json'
import { readFinish } from './finish.ts'

export type Fields = Record<string, unknown>

/**
 * What OpenAI-compatible servers do differently, each with its repair: a change of a whole answer or of one
 * event of a stream, in place. They run in this order. `test/servers.test.ts` has a recording of each, with
 * its source and the servers that are reported to send it.
 */
export const REPAIRS: Record<string, (answer: Fields) => void> = {
  'an error that is null': (answer) => {
    if ('error' in answer && !answer['error']) delete answer['error']
  },
  'choices that are null, absent or one object': (answer) => {
    const { choices, message, delta, text } = answer
    const single = [message ?? delta, text].some((part) => part !== undefined) ? [answer] : []
    answer['choices'] = toRecords(choices ?? single).map((choice) => ({ ...choice }))
  },
  'facts of the wrong type': (answer) => {
    if (typeof answer['created'] !== 'number') delete answer['created']
    for (const field of ['id', 'model']) if (typeof answer[field] !== 'string') delete answer[field]
  },
  'usage in another place or under other names': (answer) => {
    const [choice] = listChoices(answer)
    const { x_groq: groq, usage = isRecord(groq) ? groq['usage'] : undefined } = answer
    const found = usage ?? choice?.['usage']
    if (!isRecord(found)) return void delete answer['usage']
    const counts = { ...found }
    for (const [name, other] of Object.entries({
      prompt_tokens: 'input_tokens',
      completion_tokens: 'output_tokens',
    }))
      counts[name] ??= found[other]
    answer['usage'] = Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, toCount(count)]),
    )
  },
  'a text or message where the format has another field': (answer) => {
    for (const choice of listChoices(answer)) {
      const { text, message, delta } = choice
      const said = typeof text === 'string' ? { content: text } : undefined
      choice['message'] = isRecord(message) ? { ...message } : said
      choice['delta'] = isRecord(delta) ? { ...delta } : (choice['message'] ?? delta)
      if (choice['message'] === undefined) delete choice['message']
    }
  },
  'a role or content of another type': (answer) => {
    for (const message of listMessages(answer)) {
      if (message['role'] !== 'assistant') delete message['role']
      if (isRecord(message['content'])) message['content'] = [message['content']]
      for (const field of ['reasoning', 'reasoning_content'])
        if (typeof message[field] !== 'string') delete message[field]
    }
  },
  'a call outside of tool_calls': (answer) => {
    for (const message of listMessages(answer)) {
      const { function_call: call, tool_calls: calls } = message
      const listed = toRecords(calls ?? (isRecord(call) ? { function: call } : []))
      message['tool_calls'] = listed.map((one) => ({ ...one, function: toFunction(one) }))
    }
  },
  'arguments that are an object or absent': (answer) => {
    for (const { message, delta } of listChoices(answer))
      for (const { function: called } of [message, delta].filter(isRecord).flatMap(listCalls)) {
        if (!isRecord(called) || typeof called['arguments'] === 'string') continue
        const { arguments: input } = called
        // In a stream, arguments that are absent come with a later event, or not at all.
        const absent = message === undefined ? '' : '{}'
        called['arguments'] = isRecord(input) || Array.isArray(input) ? JSON.stringify(input) : absent
      }
  },
  'a finish reason of their own': (answer) => {
    for (const choice of listChoices(answer)) {
      const raw = choice['finish_reason'] ?? choice['stop_reason'] ?? answer['done_reason']
      const finish = readFinish(raw)
      choice['finish_reason'] = finish === 'failed' ? raw : (finish ?? null)
    }
  },
}

export function repairAnswer(answer: Fields): Fields {
  for (const repair of Object.values(REPAIRS)) repair(answer)
  return answer
}

/** A whole answer always says how it ended: where the server does not, it ended well. */
export function repairWhole(answer: Fields): Fields {
  if (!answer['error']) delete answer['error']
  const had = isRecord(answer['choices']) || Array.isArray(answer['choices'])
  if (!had && !('message' in answer)) return answer // no answer in this format: the SDK says so
  repairAnswer(answer)
  for (const choice of listChoices(answer)) {
    choice['finish_reason'] ??= 'stop'
    choice['message'] ??= choice['delta']
    delete choice['delta']
  }
  return answer
}

/** A whole answer as the only event of a stream, for a server that does not stream. */
export function toEvent(answer: Fields): Fields {
  const choices = listChoices(answer).map(({ message, ...choice }) => {
    const calls = isRecord(message) ? listCalls(message).map((call, index) => ({ index, ...call })) : []
    return { ...choice, delta: { ...(isRecord(message) && message), tool_calls: calls } }
  })
  return { ...answer, choices }
}

/** The events of one stream, which are repaired in their order: how it ended may never be said. */
export class StreamRepair {
  #finished = false
  #counted = false
  #argumentsOf = new Map<unknown, string>()

  repair(event: Fields): Fields {
    repairAnswer(event)
    for (const choice of listChoices(event)) {
      delete choice['message']
      this.#finished ||= choice['finish_reason'] !== null
    }
    this.#counted ||= isRecord(event['usage'])
    for (const { index = 0, function: called } of listMessages(event).flatMap(listCalls))
      if (isRecord(called))
        this.#argumentsOf.set(index, `${this.#argumentsOf.get(index) ?? ''}${called['arguments']}`)
    return event
  }

  /**
   * The event that says how the stream ended, where the server only marked its end: usage was counted, or the
   * calls are whole. undefined: it was said, or nothing shows that the answer is whole.
   */
  findMissingEnd(): Fields | undefined {
    if (this.#finished) return undefined
    const calls = [...this.#argumentsOf.values()]
    const isWhole =
      calls.length > 0 ? calls.every((text) => parseJson(text || '{}') !== undefined) : this.#counted
    if (!isWhole) return undefined
    return { choices: [{ index: 0, delta: {}, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }] }
  }
}

function listChoices(answer: Fields): Fields[] {
  return toRecords(answer['choices'])
}

function listMessages(answer: Fields): Fields[] {
  const found = listChoices(answer).flatMap(({ message, delta }) => [message, delta].filter(isRecord))
  return [...new Set(found)]
}

function listCalls(message: Fields): Fields[] {
  return toRecords(message['tool_calls'])
}

function toRecords(value: unknown): Fields[] {
  return (Array.isArray(value) ? value : [value]).filter(isRecord)
}

function toFunction({ function: called, name, arguments: input }: Fields): Fields {
  return isRecord(called) ? { ...called } : { name, arguments: input }
}

/** A count that some servers send as text. */
function toCount(count: unknown): unknown {
  return typeof count === 'string' && /^\d+$/.test(count) ? Number(count) : count
}
