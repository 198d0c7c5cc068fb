import { APICallError } from '@ai-sdk/provider'
import { UpstreamError } from '#kit/console/errors'
import { isRecord, parseJson } from '#kit/console/json'
import { explainNetworkFailure } from '#kit/net/failure'
import { findReportedError, findServerWords } from '../servers/words.ts'

/** A retry can't help: the user has to change something. */
type Rejected = 'config' | 'auth' | 'bad-request'
/** A retry may succeed. */
type Unavailable = 'rate-limit' | 'server' | 'network' | 'timeout'
/** An answer came, but it can't be used. */
type Unusable = 'invalid-response' | 'truncated' | 'filtered' | 'empty' | 'written-call'
/** `cost`: not sent, because it could have passed the cost ceiling. */
export type LlmErrorKind = Rejected | Unavailable | Unusable | 'cost'

export interface LlmErrorDetails {
  /** One line: what to do about it. */
  hint: string
  retryable?: boolean
  /** HTTP status, from the response or from the error in its body. */
  status?: number | undefined
  /** How long the provider asked to wait, in milliseconds. */
  retryAfterMs?: number | undefined
}

/**
 * A model call that gave no usable answer. It never holds the provider's error object: that contains request
 * headers and bodies, and errors end up in logs.
 */
export class LlmError extends UpstreamError {
  override readonly name = 'LlmError'
  readonly service = 'model'
  readonly kind: LlmErrorKind
  readonly hint: string
  readonly retryable: boolean
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined

  constructor(kind: LlmErrorKind, message: string, details: LlmErrorDetails) {
    super(message)
    this.kind = kind
    this.hint = details.hint
    this.retryable = details.retryable ?? false
    this.status = details.status
    this.retryAfterMs = details.retryAfterMs
  }
}

const OF_THE_MODEL: readonly LlmErrorKind[] = ['empty', 'truncated', 'filtered', 'written-call']

/**
 * Whether the model answered with something unusable: empty, cut off, filtered or a call in words. That says something about
 * the model, while other errors mean that it was not measured.
 */
export function isUnusableAnswer(error: unknown): error is LlmError {
  return error instanceof LlmError && OF_THE_MODEL.includes(error.kind)
}

/** What was called, for the error message. */
export interface AskedModel {
  /** For example `openai gpt-x`. */
  model: string
  /** The setting that names the model. */
  variable: 'AI_MODEL' | 'AI_EMBEDDING_MODEL'
  /** Values that must not appear in any error. */
  secrets: readonly string[]
}

/** Converts anything that an SDK or a provider can throw into an LlmError without secrets. */
export function toLlmError(error: unknown, asked: AskedModel): LlmError {
  const known = findLlmError(error)
  if (known) return known
  const { model, variable, secrets } = asked
  const reported = extractReport(error)
  if (reported !== undefined) return toReportedError(reported, asked)
  const call = APICallError.isInstance(error) ? error : undefined
  const reason = redact(findServerWords(call?.responseBody) ?? findReason(error), secrets)
  if (call?.statusCode !== undefined && call.statusCode >= 300) {
    const status = call.statusCode
    const retryAfterMs = parseRetryAfter(call.responseHeaders?.['retry-after'], Date.now())
    const meaning = interpretStatus(status, `${reason} ${call.responseBody ?? ''}`, variable)
    const details = { ...meaning, status, retryAfterMs }
    return new LlmError(meaning.kind, `${model} answered ${status}: ${reason}`, details)
  }
  if (call?.isRetryable || isBrokenConnection(call?.cause)) {
    const { problem, hint } = explainNetworkFailure(call?.cause ?? error, call?.url ?? '')
    const message = `the connection to ${model} failed: ${redact(problem, secrets)}`
    return new LlmError('network', message, { hint, retryable: true })
  }
  return new LlmError('invalid-response', `${model} sent an answer that cannot be read: ${reason}`, {
    hint: 'Try again; if it stays, the server may not speak this API: does the base URL end in /v1?',
  })
}

/** The provider's error if no HTTP status signals it: a stream's event, or a body with status 200. */
function extractReport(error: unknown): unknown {
  // The SDK passes on an error event unchanged; its own errors are Errors.
  if (!(error instanceof Error)) return error
  if (!APICallError.isInstance(error) || error.statusCode === undefined) return undefined
  return error.statusCode < 300 ? findReportedError(parseJson(error.responseBody ?? '')) : undefined
}

/** One that our own `fetch` threw; the SDK wraps what ends a body. */
function findLlmError(error: unknown): LlmError | undefined {
  if (error instanceof LlmError) return error
  return error instanceof Error && error.cause !== error ? findLlmError(error.cause) : undefined
}

function toReportedError(report: unknown, { model, variable, secrets }: AskedModel): LlmError {
  const reason = redact(findServerWords(report) ?? findReason(report), secrets)
  const message = `${model} answered with an error: ${reason}`
  const status = findStatus(report)
  if (status !== undefined) {
    const meaning = interpretStatus(status, reason, variable)
    return new LlmError(meaning.kind, message, { ...meaning, status })
  }
  const hint = `The reason is the provider's own. Where it says too little: check ${variable} and the size of the input.`
  return new LlmError('invalid-response', message, { hint })
}

const STATUS_FIELDS = ['statusCode', 'code', 'status', 'status_code']

/**
 * Gateways put the status that they received into the error (OpenRouter: `code`); the SDK adds `statusCode`
 * to an error of OpenAI's stream.
 */
function findStatus(report: unknown): number | undefined {
  if (!isRecord(report)) return undefined
  const numbers = STATUS_FIELDS.map((field) => Number(report[field]))
  return numbers.find((status) => status >= 400 && status <= 599)
}

type Meaning = Pick<LlmError, 'kind' | 'hint' | 'retryable'>

const MEANINGS: Record<number, Meaning> = {
  401: { kind: 'auth', hint: 'Check the API key in your environment or .env.', retryable: false },
  402: { kind: 'auth', hint: 'Check billing and credit of this account.', retryable: false },
  403: { kind: 'auth', hint: 'Check that this key may use this model.', retryable: false },
  408: { kind: 'timeout', hint: 'Try again later.', retryable: true },
  409: { kind: 'server', hint: 'Try again later.', retryable: true },
  429: { kind: 'rate-limit', hint: 'Wait, send less at once, or raise your limit.', retryable: true },
}

function interpretStatus(status: number, reason: string, variable: AskedModel['variable']): Meaning {
  if (status === 429 && /insufficient_quota|exceeded your current quota/i.test(reason)) {
    const hint = 'The account is out of credit: waiting does not help, check billing.'
    return { kind: 'rate-limit', hint, retryable: false }
  }
  if (status >= 500) return { kind: 'server', hint: 'Try again later.', retryable: true }
  const address = status === 404 ? 'the base URL, which usually ends in /v1,' : 'the base URL'
  const hint = `Check ${variable}, ${address} and the size of the input.`
  return MEANINGS[status] ?? { kind: 'bad-request', hint, retryable: false }
}

/** When a socket dies, undici ends the body with a TypeError "terminated". */
function isBrokenConnection(cause: unknown): boolean {
  return cause instanceof TypeError && cause.message === 'terminated'
}

/** The most specific text in an error, an error event of a stream, or a plain string. */
function findReason(error: unknown): string {
  if (typeof error === 'string') return error
  if (typeof error !== 'object' || error === null) return String(error)
  if ('error' in error && error.error !== undefined) return findReason(error.error)
  if ('message' in error && typeof error.message === 'string' && error.message !== '') return error.message
  return JSON.stringify(error)
}

const MAX_REASON_LENGTH = 200

/**
 * Makes provider text safe to show: one line of at most 200 characters. Replaces secrets first, so that
 * cutting cannot leave half of one. Then replaces control characters, which a terminal would obey, and line
 * breaks with spaces.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const line = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return line.length > MAX_REASON_LENGTH ? `${line.slice(0, MAX_REASON_LENGTH)}…` : line
}

const A_DAY_MS = 24 * 60 * 60 * 1000

/**
 * Converts `Retry-After`, in seconds or as an HTTP date, to milliseconds from `now` (epoch ms). undefined for
 * an implausible value: not a number, not positive, in the past, or more than a day.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  const isSeconds = /^\d+(\.\d+)?$/.test(text)
  // `Date.parse` also accepts "-5" and "3 apples" as dates; an HTTP date starts with a weekday.
  const isDate = /^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)
  const waitMs = isSeconds ? Number(text) * 1000 : isDate ? Date.parse(text) - now : 0
  return waitMs > 0 && waitMs <= A_DAY_MS ? waitMs : undefined
}
