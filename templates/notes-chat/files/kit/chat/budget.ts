/**
 * The tokens of one call by part, estimated. All parts but `window`, `reserve`, `margin` and `free` are sent.
 */
export type TokenBudget = { window: number; reserve: number; margin: number; free: number } & Record<
  string,
  number
>

const formatCount = (tokens: number) => tokens.toLocaleString('en-US')

const NOT_SENT = new Set(['window', 'reserve', 'margin', 'free'])

function selectSent(budget: TokenBudget): [string, number][] {
  return Object.entries(budget).filter(([part]) => !NOT_SENT.has(part))
}

function countSent(budget: TokenBudget): number {
  return selectSent(budget).reduce((total, [, tokens]) => total + tokens, 0)
}

/** One line: what the call sent. */
export function formatBudgetLine(budget: TokenBudget): string {
  const parts = selectSent(budget).map(([part, tokens]) => `${part} ${formatCount(tokens)}`)
  const { window, reserve, margin, free } = budget
  return `context: ~${formatCount(countSent(budget))} of ${formatCount(window)} tokens (${parts.join(', ')}), ${formatCount(reserve)} kept for the answer, ${formatCount(margin)} margin, ${formatCount(free)} free`
}

/** The whole window, a line and a bar for each part of `legend`, which says what the part is for. */
export function formatBudgetTable(budget: TokenBudget, legend: Readonly<Record<string, string>>): string {
  const rows = Object.entries(legend).map(([part, what]) => {
    const tokens = budget[part] ?? 0
    const bar = '█'.repeat(Math.round((40 * tokens) / budget.window)) || (tokens > 0 ? '▏' : '')
    return `${part.padEnd(9)}${formatCount(tokens).padStart(9)}  ${bar}${what && ` ${what}`}`
  })
  return [
    'the last call, in estimated tokens',
    ...rows,
    `window   ${formatCount(budget.window).padStart(9)}`,
  ].join('\n')
}

/** How far the estimate was from the provider's count, and whether the margin covers the difference. */
export function formatEstimateError(budget: TokenBudget, counted: number): string {
  const estimated = countSent(budget)
  const error = Math.round((100 * (estimated - counted)) / counted)
  const line = `input estimated at ${formatCount(estimated)} tokens, counted by the provider: ${formatCount(counted)} (error ${error > 0 ? '+' : ''}${error} %)`
  const isCovered = counted - estimated <= budget.margin
  return isCovered ? line : `${line}: more than the margin covers, so set AI_CONTEXT_WINDOW lower`
}
