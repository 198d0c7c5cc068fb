import { type Entry, type LogLine, parseEntry } from './entry.ts'

/** The errors of some logs, counted and grouped. */
export interface ErrorCount<L extends LogLine> {
  errors: number
  /** Lines that have a time and a level. */
  entries: number
  /** Lines that do not: stack traces, or other text. */
  uncounted: number
  /** undefined when there are no errors. */
  details: LogError | undefined
  /**
   * Errors whose messages differ only in numbers, ids and quoted values, most frequent first, each with its
   * first line.
   */
  messages: { times: number; example: L }[]
}

export interface LogError {
  /** Times as the logs write them. */
  first: string
  last: string
  busiest: { minute: string; errors: number }
  failingService: string
  topError: string
}

/**
 * Counts errors. `services` are the names that the catalogue knows. Returns undefined when no line has both a
 * time and a level.
 */
export function countErrors<L extends LogLine>(
  lines: readonly L[],
  services: ReadonlySet<string> | undefined,
): ErrorCount<L> | undefined {
  const entries = lines.flatMap((line) => parseEntry(line) ?? [])
  if (entries.length === 0) return undefined
  const errors = entries.filter(({ isError }) => isError).sort((a, b) => (a.order < b.order ? -1 : 1))
  const written = lines.filter(({ text }) => text.trim() !== '').length
  const messages = groupBy(errors, ({ message }) => maskValues(message))
  return {
    errors: errors.length,
    entries: entries.length,
    uncounted: written - entries.length,
    details: describeErrors(errors, messages[0]?.items[0], services),
    messages: messages.flatMap(({ items }) =>
      items[0] ? { times: items.length, example: items[0].line } : [],
    ),
  }
}

function describeErrors(
  errors: readonly Entry<LogLine>[],
  top: Entry<LogLine> | undefined,
  services: ReadonlySet<string> | undefined,
): LogError | undefined {
  const [first] = errors
  const last = errors.at(-1)
  const [busiest] = groupBy(errors, ({ order }) => order.slice(0, 16))
  if (first === undefined || last === undefined || top === undefined || busiest === undefined)
    return undefined
  return {
    ...{ first: first.time, last: last.time },
    busiest: { minute: busiest.key, errors: busiest.items.length },
    failingService: findService(top, services),
    topError: trimMessage(top),
  }
}

/** Groups, the largest first; of the same size, the one that began first. */
function groupBy<T>(items: readonly T[], keyFor: (item: T) => string): { key: string; items: T[] }[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyFor(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return [...groups].map(([key, items]) => ({ key, items })).sort((a, b) => b.items.length - a.items.length)
}

/** The message without what differs each time: numbers, ids, quoted values. */
function maskValues(message: string): string {
  return message
    .replace(/"[^"]*"|'[^']*'/g, '_')
    .replace(/\b(?=\w*\d)[\w-]+\b/g, '_')
    .replace(/\d+/g, '_')
}

/**
 * The service that the line names, if the catalogue knows it; without a catalogue, a name with a hyphen or
 * the log's. Else the log's own name.
 */
function findService({ line, service }: Entry<LogLine>, services: ReadonlySet<string> | undefined): string {
  const [file = ''] = line.file.split('/').slice(-1)
  const log = file.replace(/\.\w+$/, '')
  if (service === undefined) return log
  const isKnown = services?.has(service) ?? (service === log || service.includes('-'))
  return isKnown ? service : log
}

/** Without the service in front and without the values behind, so that it can be searched for. */
function trimMessage({ message, service = '' }: Entry<LogLine>): string {
  const unmarked = message.replace(/^\[/, '')
  const bare = unmarked.startsWith(service) ? unmarked.slice(service.length) : unmarked
  return (bare.replace(/^[\]:\s]+/, '').split(/\s+\w+=/)[0] ?? '').slice(0, 120).trim()
}
