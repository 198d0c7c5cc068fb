import * as z from 'zod'
import { type Incident, type Line, placed } from './incident.ts'
import { type AgentTool, readTool, ToolError } from './tool.ts'

/** A line of a log, as far as it can be understood. */
interface Entry {
  line: Line
  /** To the minute, as it is written: `2026-03-09T14:05`. */
  minute: string
  time: string
  isError: boolean
  message: string
}

const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/
const LEVEL = /\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL)\b/
const ERRORS = ['ERROR', 'ERR', 'FATAL', 'CRITICAL']

/** Counting what is in logs: what a model is bad at and a program is not. */
export function logTools(incident: Incident): AgentTool[] {
  return [
    readTool({
      name: 'summarise_errors',
      description:
        'Counts the errors in the logs: how many, since when, the busiest minute, the most frequent error messages with an example of each.',
      input: z.strictObject({
        log: z.string().optional().describe('One log, for example logs/api.log; without it all logs'),
      }),
      run: async ({ log }, { signal }) => {
        const lines =
          log === undefined
            ? await incident.allLines(signal, (name) => /\.(?:log|jsonl|txt)$/.test(name))
            : await incident.lines(log, signal)
        return summaryOf(lines.flatMap(entryOf))
      },
    }),
  ]
}

/** Nothing for a line without a time or a level: a stack trace, or no log at all. */
function entryOf(line: Line): Entry[] {
  const time = TIME.exec(line.text)
  const level = LEVEL.exec(line.text)
  if (time === null || level === null) return []
  const message = line.text.slice(level.index + level[0].length).replace(/^[\s:\]-]+/, '')
  const minute = time[0].slice(0, 16).replace(' ', 'T')
  return [{ line, minute, time: time[0], isError: ERRORS.includes(level[1] ?? ''), message }]
}

function summaryOf(entries: readonly Entry[]): string {
  const errors = entries.filter(({ isError }) => isError).sort((a, b) => (a.time < b.time ? -1 : 1))
  const [first] = errors
  const last = errors.at(-1)
  if (entries.length === 0)
    throw new ToolError('No line here has both a time and a level: these are not logs that can be counted')
  if (first === undefined || last === undefined) return `errors: 0 of ${entries.length} lines`
  const minutes = grouped(errors, ({ minute }) => minute)
  const messages = grouped(errors, ({ message }) => kindOf(message))
  const [busiest] = minutes
  const [top] = messages
  return [
    `errors: ${errors.length} of ${entries.length} lines`,
    `error share: ${((100 * errors.length) / entries.length).toFixed(1)}`,
    `first error: ${first.time}`,
    `last error: ${last.time}`,
    `busiest minute: ${busiest?.key} with ${busiest?.items.length} errors`,
    `failing service: ${serviceOf(top?.items[0])}`,
    `top error: ${textOf(top?.items[0])}`,
    ...messages
      .slice(0, 6)
      .map(({ items }) => `${items.length} times: ${items[0] ? placed(items[0].line) : ''}`),
  ].join('\n')
}

/** Groups, the largest first; of the same size, the one that began first. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): { key: string; items: T[] }[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return [...groups].map(([key, items]) => ({ key, items })).sort((a, b) => b.items.length - a.items.length)
}

/** The message without what differs each time: numbers, ids, quoted values. */
function kindOf(message: string): string {
  return message
    .replace(/"[^"]*"|'[^']*'/g, '_')
    .replace(/\b(?=\w*\d)[\w-]+\b/g, '_')
    .replace(/\d+/g, '_')
}

/** `checkout-api` of `checkout-api: pool exhausted` or `[checkout-api] pool exhausted`; else the log's own name. */
function serviceOf(entry: Entry | undefined): string {
  if (entry === undefined) return 'unknown'
  const [, name] = /^\[?([a-z][\w-]*)\]?[:\s]\s*\S/.exec(entry.message) ?? []
  const [file = ''] = entry.line.file.split('/').slice(-1)
  const fromFile = file.replace(/\.\w+$/, '')
  return name !== undefined && (name === fromFile || name.includes('-')) ? name : fromFile
}

/** Without the service in front and what only this one has behind, so that it can be searched for. */
function textOf(entry: Entry | undefined): string {
  const message = entry?.message ?? ''
  const service = serviceOf(entry)
  const bare = message.startsWith(service) ? message.slice(service.length) : message
  return (bare.replace(/^[\]:\s]+/, '').split(/\s+\w+=/)[0] ?? '').slice(0, 120).trim()
}
