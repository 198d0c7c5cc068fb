import * as z from 'zod'
import { countErrors, type ErrorCount } from '#kit/logs/count'
import { type Incident, isLog, type Line, listLeftOut, renderLine } from './incident.ts'
import { listServiceNames } from './services.ts'
import { type AgentTool, readTool, ToolError } from './tool.ts'

/** Counting what is in logs: models are bad at it, programs are not. */
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
        const names = log === undefined ? (await incident.list(signal)).filter(isLog) : [log]
        const { lines, leftOut } = await incident.readAllLines(names, signal)
        // A log that was asked for by name and can't be read is an error, not an omission.
        if (log !== undefined && leftOut[0] !== undefined) throw new ToolError(leftOut[0])
        const count = countErrors(lines, await listServiceNames(incident, signal))
        if (count === undefined)
          throw new ToolError(
            'No line here has both a time and a level: these are not logs that can be counted',
          )
        return [...describeCount(count), ...listLeftOut(leftOut)].join('\n')
      },
    }),
  ]
}

/** One `name: value` per line: easy to quote for a model, and for the rules to fill blanks with. */
function describeCount({ errors, entries, uncounted, details, messages }: ErrorCount<Line>): string[] {
  const others = uncounted > 0 ? [`not counted: ${uncounted} lines without a time and a level`] : []
  if (details === undefined) return [`errors: 0 of ${entries} lines`, ...others]
  const { first, last, busiest, failingService, topError } = details
  return [
    `errors: ${errors} of ${entries} lines`,
    `error share: ${((100 * errors) / entries).toFixed(1)}`,
    `first error: ${first}`,
    `last error: ${last}`,
    `busiest minute: ${busiest.minute} with ${busiest.errors} errors`,
    `failing service: ${failingService}`,
    `top error: ${topError}`,
    ...messages.slice(0, 6).map(({ times, example }) => `${times} times: ${renderLine(example)}`),
    ...others,
  ]
}
