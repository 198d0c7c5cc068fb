import type { Budget } from '../context.ts'

const PARTS = [
  ['system', 'the rules'],
  ['notes', 'sections that the search chose'],
  ['memory', 'turns that were summarised'],
  ['history', 'turns word for word'],
  ['question', ''],
  ['reserve', 'for the answer'],
  ['margin', 'estimates are estimates'],
  ['free', ''],
] as const

const count = (tokens: number) => tokens.toLocaleString('en-US')

/** Input tokens of the call, estimated. */
function sent({ system, notes, memory, history, question }: Budget): number {
  return system + notes + memory + history + question
}

/** One line: what the call sent. */
export function budgetLine(budget: Budget): string {
  const parts = (['system', 'notes', 'memory', 'history', 'question'] as const).map(
    (part) => `${part} ${count(budget[part])}`,
  )
  const { window, reserve, free } = budget
  return `context: ~${count(sent(budget))} of ${count(window)} tokens (${parts.join(', ')}), ${count(reserve)} kept for the answer, ${count(free)} free`
}

/** The whole window, a line and a bar for each part. */
export function budgetTable(budget: Budget): string {
  const rows = PARTS.map(([part, what]) => {
    const tokens = budget[part]
    const bar = '█'.repeat(Math.round((40 * tokens) / budget.window)) || (tokens > 0 ? '▏' : '')
    return `${part.padEnd(9)}${count(tokens).padStart(9)}  ${bar}${what && ` ${what}`}`
  })
  return [
    'of the last call, in tokens (estimated)',
    ...rows,
    `window   ${count(budget.window).padStart(9)}`,
  ].join('\n')
}

/** How far the estimate was from what the provider counted, and whether the margin covers that. */
export function estimateError(budget: Budget, counted: number): string {
  const estimated = sent(budget)
  const error = Math.round((100 * (estimated - counted)) / counted)
  const line = `input estimated at ${count(estimated)} tokens, counted by the provider: ${count(counted)} (error ${error > 0 ? '+' : ''}${error} %)`
  const isCovered = counted - estimated <= budget.margin
  return isCovered ? line : `${line}: more than the margin covers, so set AI_CONTEXT_WINDOW lower`
}
