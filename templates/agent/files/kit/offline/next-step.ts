import type { JSONObject, JSONValue } from '@ai-sdk/provider'
import * as z from 'zod'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { chooseTool, composeQuestion, type ToolDescription } from '#kit/tool-choice/choose'
import { fillBlanks, listBlanks, readValues } from './blanks.ts'

const request = z.object({
  goal: z.string(),
  tools: z.array(z.object({ name: z.string(), description: z.string(), inputSchema: z.json() })),
  results: z.array(
    z.object({ tool: z.string(), outcome: z.enum(['ok', 'error', 'denied']), output: z.string() }),
  ),
})
type Result = z.infer<typeof request>['results'][number]

export const heuristicTasks: HeuristicTasks = { 'next-step': (input) => chooseNextStep(input) }

/** One line of the goal: made already, to be called next, or skipped. */
type GoalLine =
  | { kind: 'made'; line: string; result: Result }
  | { kind: 'call'; toolName: string; input: JSONObject }
  | { kind: 'skipped'; line: string; why: string }

/**
 * Chooses the next step of a run by rules. A goal is a list of lines; each asks for one tool in words that
 * match the tool's own. Blanks such as `{top error}` are filled with the value that an earlier result has
 * under that name. One line makes one call, in the order of the list. The rules plan and invent nothing: a
 * line that no tool fits, or that leaves an argument open, is left out, and the answer says so.
 */
function chooseNextStep(input: JSONValue) {
  const { goal, tools, results } = request.parse(input)
  const done: GoalLine[] = []
  const values = new Map<string, string>()
  let used = 0
  for (const line of splitGoal(goal)) {
    const step = planLine(line, tools, values)
    const result = results[used]
    if (step.kind === 'call' && result === undefined)
      return { toolCalls: [{ toolName: step.toolName, input: step.input }] }
    if (step.kind === 'call' && result !== undefined) {
      used += 1
      if (result.outcome === 'ok')
        for (const [name, value] of readValues(result.output)) values.set(name, value)
      done.push({ kind: 'made', line, result })
      continue
    }
    done.push(step)
  }
  return renderAnswer(done)
}

/** The items of a list, if the goal has one; else the goal is one line. */
function splitGoal(goal: string): string[] {
  const items = [...goal.matchAll(/^\s*(?:[-*]|\d+[.)])\s+(.+)$/gm)].map(([, item = '']) => item.trim())
  return items.length > 0 ? items : [goal.replaceAll(/\s+/g, ' ').trim()]
}

function planLine(
  line: string,
  tools: readonly ToolDescription[],
  values: ReadonlyMap<string, string>,
): GoalLine {
  const open = listBlanks(line).filter((name) => !values.has(name))
  if (open.length > 0) return { kind: 'skipped', line, why: `no result so far says {${open.join('}, {')}}` }
  const choice = chooseTool(fillBlanks(line, values), tools)
  switch (choice.kind) {
    case 'call':
      return { kind: 'call', toolName: choice.tool, input: choice.input }
    case 'ask':
      return { kind: 'skipped', line, why: composeQuestion(choice) }
    case 'none':
      return { kind: 'skipped', line, why: 'no tool matches these words' }
    default:
      return choice satisfies never
  }
}

const NO_MODEL =
  'These are rules that match words to tools, not a language model: they understand nothing. Read the evidence before you act on it.'

function renderAnswer(lines: readonly GoalLine[]): string {
  const parts = lines.flatMap((line) => {
    if (line.kind === 'call') return []
    if (line.kind === 'skipped') return [`- left out: ${shorten(line.line)}\n  ${line.why}`]
    const { tool, outcome, output } = line.result
    const what = outcome === 'ok' ? summariseOutput(output) : `${outcome}: ${output.split('\n')[0]}`
    return [`- ${tool}: ${what}`]
  })
  return `${parts.join('\n')}\n\n${NO_MODEL}`
}

function shorten(line: string): string {
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/** A result in a few words: its first values, or its first line. */
function summariseOutput(output: string): string {
  const values = [...readValues(output)].map(([name, value]) => `${name} ${value}`)
  return values.length > 0 ? values.slice(0, 7).join('; ') : (output.split('\n')[0] ?? '')
}
