import { isRecord, parseJson } from '#kit/console/json'
import type { Line } from './incident.ts'

/** A line of a log, as far as it can be understood. */
export interface Entry {
  line: Line
  /** As it is written. */
  time: string
  /** The same so that it can be compared: `2026-03-09T14:05:11Z`. */
  order: string
  isError: boolean
  message: string
  /** Who says so, where the line does. */
  service: string | undefined
}

const TIME = /\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/
const NAMES = 'trace|debug|info|notice|warn|warning|error|err|fatal|crit|critical|alert|emerg|panic'
/** In capitals anywhere; in small letters only where levels stand: `[error]`, `level=error`, right after the time. */
const CAPITALS = new RegExp(`\\b(${NAMES.toUpperCase()})\\b`)
const MARKED = new RegExp(`(?:\\[|\\b(?:level|lvl|severity)[=:]\\s*"?)(${NAMES})\\b`, 'i')
const AFTER_TIME = new RegExp(`${TIME.source}[\\s|:,-]+(${NAMES})\\b`, 'i')
const ERRORS = ['error', 'err', 'fatal', 'crit', 'critical', 'alert', 'emerg', 'panic']
/** `checkout-api: pool exhausted`, `[checkout-api] pool exhausted` */
const SERVICE = /^\[?([a-z][\w-]*)(?:\]|:)\s*\S/

/** undefined for a line without a time or a level: a stack trace, or no log at all. */
export function entryOf(line: Line): Entry | undefined {
  return line.text.startsWith('{') ? fromJson(line) : fromText(line)
}

function fromText(line: Line): Entry | undefined {
  const time = TIME.exec(line.text)?.[0]
  const found = [CAPITALS, MARKED, AFTER_TIME].map((pattern) => pattern.exec(line.text))
  const level = found.reduce((a, b) => (a === null || (b !== null && b.index < a.index) ? b : a))
  if (time === undefined || level === null) return undefined
  const message = line.text.slice(level.index + level[0].length).replace(/^[\s:\]"-]+/, '')
  return {
    ...{ line, time, order: orderOf(time), message },
    isError: isError(level[1]),
    service: SERVICE.exec(message)?.[1],
  }
}

/** The names that structured loggers use; pino's levels are numbers, of which 50 is an error. */
function fromJson(line: Line): Entry | undefined {
  const record = parseJson(line.text)
  if (!isRecord(record)) return undefined
  const first = (...keys: string[]) =>
    keys.map((key) => record[key]).find((value) => typeof value === 'string' || typeof value === 'number')
  const written = first('time', 'timestamp', '@timestamp', 'ts', 'date')
  const level = first('level', 'severity', 'lvl', 'log.level')
  if (written === undefined || level === undefined) return undefined
  const time = typeof written === 'number' ? fromEpoch(written) : written
  const message = String(first('msg', 'message', 'event', 'error') ?? '')
  const service = first('service', 'component', 'app', 'logger', 'name')
  return {
    ...{ line, time, order: orderOf(time), message },
    isError: typeof level === 'number' ? level >= 50 : isError(level),
    service: service === undefined ? undefined : String(service),
  }
}

function isError(level = ''): boolean {
  return ERRORS.includes(level.toLowerCase())
}

function orderOf(time: string): string {
  return time.replaceAll('/', '-').replace(' ', 'T')
}

/** Seconds or milliseconds since 1970; what is no time stays what it is. */
function fromEpoch(value: number): string {
  const date = new Date(value < 1e11 ? value * 1_000 : value)
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString()
}
