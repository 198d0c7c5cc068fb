import { isRecord, parseJson } from '#kit/console/json'

export interface LogLine {
  file: string
  text: string
}

/** A line of a log that has a time and a level. */
export interface Entry<L extends LogLine> {
  line: L
  /** As the log writes it. */
  time: string
  /** The same, comparable as text: `2026-03-09T14:05:11Z`. */
  order: string
  isError: boolean
  message: string
  /** The service that the line names. */
  service: string | undefined
}

const TIME = /\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/
const NAMES = 'trace|debug|info|notice|warn|warning|error|err|fatal|crit|critical|alert|emerg|panic'
/**
 * In capitals anywhere; in small letters only where levels stand: `[error]`, `level=error`, right after the
 * time.
 */
const CAPITALS = new RegExp(`\\b(${NAMES.toUpperCase()})\\b`)
const MARKED = new RegExp(`(?:\\[|\\b(?:level|lvl|severity)[=:]\\s*"?)(${NAMES})\\b`, 'i')
const AFTER_TIME = new RegExp(`${TIME.source}[\\s|:,-]+(${NAMES})\\b`, 'i')
const ERRORS = ['error', 'err', 'fatal', 'crit', 'critical', 'alert', 'emerg', 'panic']
/** `checkout-api: pool exhausted`, `[checkout-api] pool exhausted` */
const SERVICE = /^\[?([a-z][\w-]*)(?:\]|:)\s*\S/

/** undefined for a line without a time or a level: a stack trace, or other text. */
export function parseEntry<L extends LogLine>(line: L): Entry<L> | undefined {
  return line.text.startsWith('{') ? parseJsonLine(line) : parseTextLine(line)
}

function parseTextLine<L extends LogLine>(line: L): Entry<L> | undefined {
  const time = TIME.exec(line.text)?.[0]
  const found = [CAPITALS, MARKED, AFTER_TIME].map((pattern) => pattern.exec(line.text))
  const level = found.reduce((a, b) => (a === null || (b !== null && b.index < a.index) ? b : a))
  if (time === undefined || level === null) return undefined
  const message = line.text.slice(level.index + level[0].length).replace(/^[\s:\]"-]+/, '')
  return {
    ...{ line, time, order: normaliseTime(time), message },
    isError: isError(level[1]),
    service: SERVICE.exec(message)?.[1],
  }
}

/** The names that structured loggers use; pino's levels are numbers, of which 50 is an error. */
function parseJsonLine<L extends LogLine>(line: L): Entry<L> | undefined {
  const record = parseJson(line.text)
  if (!isRecord(record)) return undefined
  const first = (...keys: string[]) =>
    keys.map((key) => record[key]).find((value) => typeof value === 'string' || typeof value === 'number')
  const written = first('time', 'timestamp', '@timestamp', 'ts', 'date')
  const level = first('level', 'severity', 'lvl', 'log.level')
  if (written === undefined || level === undefined) return undefined
  const time = typeof written === 'number' ? formatEpoch(written) : written
  const message = String(first('msg', 'message', 'event', 'error') ?? '')
  const service = first('service', 'component', 'app', 'logger', 'name')
  return {
    ...{ line, time, order: normaliseTime(time), message },
    isError: typeof level === 'number' ? level >= 50 : isError(level),
    service: service === undefined ? undefined : String(service),
  }
}

function isError(level = ''): boolean {
  return ERRORS.includes(level.toLowerCase())
}

function normaliseTime(time: string): string {
  return time.replaceAll('/', '-').replace(' ', 'T')
}

/** Seconds or milliseconds since 1970; any other number is unchanged. */
function formatEpoch(value: number): string {
  const date = new Date(value < 1e11 ? value * 1_000 : value)
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString()
}
