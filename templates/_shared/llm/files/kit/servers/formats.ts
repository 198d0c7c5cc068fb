import { isRecord, parseJson } from '#kit/console/json'
import type { WireEvent } from './events.ts'
import { readFinish } from './finish.ts'
import { type Fields, repairWhole, StreamRepair, toEvent } from './repair.ts'
import { findReportedError } from './words.ts'

export type { Fields } from './repair.ts'
export type WireFormat = 'anthropic' | 'openai' | 'openai-compatible'

interface EventRepair {
  next: (event: WireEvent) => WireEvent[]
  /** What the end of the stream adds. */
  end: () => WireEvent[]
}

interface FormatRepair {
  whole: (answer: Fields) => Fields
  openStream: () => EventRepair
  /** Makes a whole answer the only event of a stream. */
  toStream?: (answer: Fields) => Fields
}

/** What each wire format needs before the SDK reads it. */
export const FORMATS: Record<WireFormat, FormatRepair> = {
  'openai-compatible': { whole: repairWhole, openStream: openChatStream, toStream: toEvent },
  anthropic: { whole: renameStopReason, openStream: openMessageStream },
  openai: { whole: (answer) => answer, openStream: () => ({ next: (event) => [event], end: () => [] }) },
}

function openChatStream(): EventRepair {
  const stream = new StreamRepair()
  const write = (data: Fields): WireEvent => ({ event: '', data: JSON.stringify(data) })
  return {
    next({ event, data }) {
      if (data.trim() === '[DONE]') {
        const end = stream.findMissingEnd()
        return [...(end ? [write(end)] : []), { event: '', data: '[DONE]' }]
      }
      const parsed = parseJson(data)
      const report = event === 'error' ? { error: parsed ?? data } : parsed
      const error = findReportedError(report)
      if (error) return [write({ error: toErrorFields(error) })]
      return isRecord(parsed) ? [write(stream.repair(parsed))] : [{ event: '', data }]
    },
    end: () => [],
  }
}

/** An error as the SDK's schema wants it, with a status where the server names one. */
function toErrorFields({ message, type, code, ...rest }: Fields): Fields {
  const status = [code, rest['status'], rest['status_code'], rest['statusCode']].map(Number).find(isFailure)
  const named = typeof code === 'string' ? { code } : {}
  return { message, ...(typeof type === 'string' && { type }), ...(status ? { code: status } : named) }
}

function isFailure(status: number): boolean {
  return status >= 400 && status <= 599
}

/** The events of Anthropic's streams that the SDK knows. The API may add others at any time. */
const MESSAGE_EVENTS = [
  ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
  ...['message_delta', 'message_stop', 'ping', 'error'],
]

/** platform.claude.com/docs/en/api/versioning: a client drops events that it does not know. */
function openMessageStream(): EventRepair {
  return {
    next({ event, data }) {
      if (event !== '' && !MESSAGE_EVENTS.includes(event)) return []
      const said = parseJson(data)
      if (!isRecord(said)) return [{ event, data }]
      const { error, type: kind = error ? 'error' : event } = said
      if (typeof kind !== 'string' || !MESSAGE_EVENTS.includes(kind)) return []
      const parsed: Fields = { ...said, type: kind }
      const { message = error, type = 'error' }: Fields = findReportedError(error ? parsed : null) ?? {}
      if (error)
        return [{ event: 'error', data: JSON.stringify({ type: 'error', error: { type, message } }) }]
      if (kind !== 'message_delta') return [{ event, data: JSON.stringify(parsed) }]
      const delta = isRecord(parsed['delta']) ? renameStopReason(parsed['delta']) : parsed['delta']
      return [{ event, data: JSON.stringify({ ...parsed, delta }) }]
    },
    end: () => [],
  }
}

const STOP_REASONS = [
  ...['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'compaction', 'refusal'],
  'model_context_window_exceeded',
]
const OURS = { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal', tool_calls: 'tool_use' }

/** A gateway's own name for the end, as Anthropic calls it. */
function renameStopReason(answer: Fields): Fields {
  const raw = answer['stop_reason']
  const finish = STOP_REASONS.some((known) => known === raw) ? undefined : readFinish(raw)
  return finish === undefined || finish === 'failed' ? answer : { ...answer, stop_reason: OURS[finish] }
}
