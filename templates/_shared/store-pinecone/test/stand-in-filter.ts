/** A request that gets an error response. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Whether a record matches a filter in Pinecone's syntax. */
export function passes(metadata: Record<string, unknown>, filter: Record<string, unknown>): boolean {
  return Object.entries(filter).every(([key, condition]) => {
    if (key === '$and') return (condition as Record<string, unknown>[]).every((one) => passes(metadata, one))
    if (key === '$or') return (condition as Record<string, unknown>[]).some((one) => passes(metadata, one))
    if (typeof condition !== 'object' || condition === null) return has(metadata[key], condition)
    return Object.entries(condition).every(([operator, value]) => holds(metadata[key], operator, value))
  })
}

function holds(found: unknown, operator: string, value: unknown): boolean {
  if (operator === '$eq') return has(found, value)
  if (operator === '$ne') return !has(found, value)
  if (operator === '$in') return (value as unknown[]).some((one) => has(found, one))
  if (operator === '$nin') return !(value as unknown[]).some((one) => has(found, one))
  throw new Refusal(400, `unknown operator ${operator}`)
}

function has(found: unknown, value: unknown): boolean {
  return Array.isArray(found) ? found.includes(value) : found === value
}
