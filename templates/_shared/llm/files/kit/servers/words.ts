import { STATUS_CODES } from 'node:http'
import { isRecord, parseJson } from '#kit/console/json'

/** Fields in which servers put their reason, the usual ones first. Their values may nest. */
const FIELDS = [
  ...['error', 'errors', 'message', 'detail', 'details', 'msg', 'Message', 'error_message', 'errorMessage'],
  ...['error_msg', 'error_description', 'description', 'reason', 'title', 'exception'],
]
/** What stands behind a gateway's general sentence: OpenRouter's `metadata.raw`, for example. */
const DEEPER = ['metadata', 'raw', 'upstream_error', 'innererror']
const DEEPEST = 8
const MOST_ITEMS = 3
const STATUS_PHRASES = new Set(Object.values(STATUS_CODES).map((phrase) => phrase?.toLowerCase()))

/**
 * The server's own words in the body of an error, whatever its shape: text, HTML, or JSON that has them at
 * any depth. undefined: it has none.
 */
export function findServerWords(body: unknown, depth = 0): string | undefined {
  if (depth > DEEPEST) return undefined
  if (typeof body === 'string') return readWords(body, depth)
  if (Array.isArray(body)) {
    const all = body.flatMap((item) => findServerWords(item, depth + 1) ?? [])
    return [...new Set(all)].slice(0, MOST_ITEMS).join('; ') || undefined
  }
  if (!isRecord(body)) return undefined
  const said = FIELDS.flatMap((field) => findServerWords(body[field], depth + 1) ?? [])
  const words = said.find(isSentence) ?? said[0]
  const behind = DEEPER.flatMap((field) => findServerWords(body[field], depth + 1) ?? []).find(Boolean)
  const place = Array.isArray(body['loc']) ? `${body['loc'].join('.')}: ` : ''
  if (words === undefined) return behind
  return behind === undefined || words.includes(behind) ? `${place}${words}` : `${place}${words}: ${behind}`
}

function readWords(text: string, depth: number): string | undefined {
  const trimmed = text.trim()
  const parsed = /^[[{"]/.test(trimmed) ? parseJson(trimmed) : undefined
  if (parsed !== undefined) return findServerWords(parsed, depth + 1) ?? (trimmed || undefined)
  if (!/^<(?:!doctype|html|\?xml)/i.test(trimmed)) return trimmed || undefined
  const heading = /<(title|h1|message)>([^<]+)</i.exec(trimmed)?.[2]?.trim()
  return heading || 'a web page instead of an answer'
}

/** A code such as `not_found` or a status such as `Bad Request` says less than a sentence next to it. */
function isSentence(words: string): boolean {
  return /\s/.test(words) && !STATUS_PHRASES.has(words.toLowerCase())
}

/** Fields of an answer in the formats of chat completions, responses, messages, embeddings and Ollama. */
const ANSWERS = ['choices', 'output', 'content', 'data', 'embeddings', 'message', 'response']

/**
 * The error in a JSON body of status 200, or in an event of a stream, with the server's words as `message`.
 * undefined: it is an answer.
 */
export function findReportedError(body: unknown): Record<string, unknown> | undefined {
  const [first] = Array.isArray(body) ? body : [body]
  if (!isRecord(first)) return undefined
  const { error } = first
  const isAnswer = ANSWERS.some((field) => typeof first[field] === 'object' && first[field] !== null)
  const says = error ? true : first['object'] === 'error' || first['type'] === 'error' || 'detail' in first
  const fails = Number(first['code'] ?? first['status'] ?? first['status_code']) >= 400
  if (!error && (isAnswer || !(says || fails || first['success'] === false))) return undefined
  const words = findServerWords(isRecord(error) ? error : first) ?? JSON.stringify(error || first)
  return { ...first, ...(isRecord(error) && error), error: undefined, message: words }
}
