import * as z from 'zod'
import { type Incident, type Line, LOG, leftOutLines, placed } from './incident.ts'
import { type Entry, entryOf } from './log-entry.ts'
import { serviceNames } from './services.ts'
import { type AgentTool, readTool, ToolError } from './tool.ts'

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
        const { lines, leftOut } =
          log === undefined
            ? await incident.allLines(
                (await incident.list(signal)).filter((name) => LOG.test(name)),
                signal,
              )
            : { lines: await incident.lines(log, signal), leftOut: [] }
        const services = await serviceNames(incident, signal)
        return [...summaryOf(lines, services), ...leftOutLines(leftOut)].join('\n')
      },
    }),
  ]
}

function summaryOf(lines: readonly Line[], services: ReadonlySet<string> | undefined): string[] {
  const entries = lines.flatMap((line) => entryOf(line) ?? [])
  const errors = entries.filter(({ isError }) => isError).sort((a, b) => (a.order < b.order ? -1 : 1))
  const [first] = errors
  const last = errors.at(-1)
  const others = lines.filter((line) => line.text.trim() !== '').length - entries.length
  const uncounted = others > 0 ? [`not counted: ${others} lines without a time and a level`] : []
  if (entries.length === 0)
    throw new ToolError('No line here has both a time and a level: these are not logs that can be counted')
  if (first === undefined || last === undefined) return [`errors: 0 of ${entries.length} lines`, ...uncounted]
  const minutes = grouped(errors, ({ order }) => order.slice(0, 16))
  const messages = grouped(errors, ({ message }) => kindOf(message))
  const [busiest] = minutes
  const [top] = messages
  return [
    `errors: ${errors.length} of ${entries.length} lines`,
    `error share: ${((100 * errors.length) / entries.length).toFixed(1)}`,
    `first error: ${first.time}`,
    `last error: ${last.time}`,
    `busiest minute: ${busiest?.key} with ${busiest?.items.length} errors`,
    `failing service: ${serviceOf(top?.items[0], services)}`,
    `top error: ${textOf(top?.items[0])}`,
    ...messages
      .slice(0, 6)
      .map(({ items }) => `${items.length} times: ${items[0] ? placed(items[0].line) : ''}`),
    ...uncounted,
  ]
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

/** The service that the line names, if the catalogue knows it; without a catalogue, a name with a hyphen or that of the log. Else the log's own name. */
function serviceOf(entry: Entry | undefined, services: ReadonlySet<string> | undefined): string {
  if (entry === undefined) return 'unknown'
  const [file = ''] = entry.line.file.split('/').slice(-1)
  const ofLog = file.replace(/\.\w+$/, '')
  const { service } = entry
  if (service === undefined) return ofLog
  const isKnown = services?.has(service) ?? (service === ofLog || service.includes('-'))
  return isKnown ? service : ofLog
}

/** Without the service in front and what only this one has behind, so that it can be searched for. */
function textOf(entry: Entry | undefined): string {
  const { message = '', service = '' } = entry ?? {}
  const unmarked = message.replace(/^\[/, '')
  const bare = unmarked.startsWith(service) ? unmarked.slice(service.length) : unmarked
  return (bare.replace(/^[\]:\s]+/, '').split(/\s+\w+=/)[0] ?? '').slice(0, 120).trim()
}
