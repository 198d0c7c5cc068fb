import type { JSONValue } from '@ai-sdk/provider'
import { extractTerms } from '#kit/retrieval/terms'
import type { Property } from './describe.ts'
import { splitRequest, type Token } from './request.ts'

export interface FilledArguments {
  input: Record<string, JSONValue>
  /** Names of required parameters without a value. */
  missing: string[]
}

/**
 * Fills in the arguments that a request states. First come values that follow a parameter's name (`tier 1`,
 * `titled "Pool exhausted"`), and enums and booleans from anywhere in the request. Then required parameters
 * take the remaining values in order, and optional strings the strings that are left.
 * A required parameter that may be null becomes null. Nothing is made up.
 */
export function fillArguments(request: string, properties: readonly Property[]): FilledArguments {
  const filling = new Filling(splitRequest(request))
  const found = filling.takeNamed(properties)
  const fill = (
    which: (property: Property) => boolean,
    find: (property: Property) => JSONValue | undefined,
  ) => {
    for (const property of properties) {
      if (found.has(property.name) || !which(property)) continue
      const value = find(property)
      if (value !== undefined) found.set(property.name, value)
    }
  }
  fill(
    ({ required, nullable }) => required && !nullable,
    (property) => filling.takeNext(property),
  )
  fill(
    ({ type, choices }) => type === 'string' && choices.length === 0,
    (property) => filling.takeNext(property),
  )
  fill(
    ({ required, nullable }) => required && nullable,
    () => null,
  )
  const missing = properties.filter(({ name, required }) => required && !found.has(name))
  return { input: Object.fromEntries(found), missing: missing.map(({ name }) => name) }
}

/** How many words before a value may hold its parameter's name. */
const REACH = 3
const NEGATIONS = ['no', 'not', 'without', 'never', 'dont', 'false', 'off']

/** Hands out the values of a request, each only once. */
class Filling {
  readonly #tokens: readonly Token[]
  readonly #used = new Set<number>()

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /**
   * Takes the values that the request gives by name.
   * The parameter whose name matches best gets the value: `max lines 60` sets `max_lines`, not `from_line`.
   */
  takeNamed(properties: readonly Property[]): Map<string, JSONValue> {
    const found = new Map<string, JSONValue>()
    for (const property of properties) {
      const value = this.#findSaid(property)
      if (value !== undefined) found.set(property.name, value)
    }
    const pairs = properties.flatMap((property) => (isSaid(property) ? [] : this.#findPairs(property)))
    pairs.sort((a, b) => b.seen - a.seen || a.distance - b.distance)
    for (const { name, at, value } of pairs) {
      if (found.has(name) || this.#used.has(at)) continue
      found.set(name, value)
      this.#used.add(at)
    }
    return found
  }

  #findSaid(property: Property): JSONValue | undefined {
    if (property.choices.length > 0) return this.#findChoice(property.choices)
    return property.type === 'boolean' ? this.#readFlag(property) : undefined
  }

  /** Finds the values that follow a parameter's name, with how many of its words were seen, and how near. */
  #findPairs(property: Property) {
    const wanted = new Set(extractTerms(property.name))
    return this.#tokens.flatMap((token, at) => {
      const value = matchValue(property, token)
      const before = this.#findNameBefore(at, wanted)
      return value === undefined || before === undefined
        ? []
        : [{ name: property.name, at, value, ...before }]
    })
  }

  /** Takes the first unused value that fits this parameter; all of them for a list of strings. */
  takeNext(property: Property): JSONValue | undefined {
    const left = this.#tokens.flatMap((token, at) => {
      const value = this.#used.has(at) ? undefined : matchValue(property, token)
      return value === undefined ? [] : { at, value }
    })
    if (property.type === 'strings') return left.length > 0 ? left.map((one) => this.#take(one)) : undefined
    const [first] = left
    return first && this.#take(first)
  }

  #take<T>({ at, value }: { at: number; value: T }): T {
    this.#used.add(at)
    return value
  }

  /**
   * Returns how many words of a parameter's name precede a value, and how far back the nearest one is.
   * Undefined if fewer than half of them do. Any other value in between ends the search.
   */
  #findNameBefore(at: number, wanted: ReadonlySet<string>): { seen: number; distance: number } | undefined {
    const seen = new Set<string>()
    let distance = 0
    for (let back = 1; back <= REACH; back++) {
      const token = this.#tokens[at - back]
      if (token?.kind !== 'word') break
      for (const term of token.terms) if (wanted.has(term)) seen.add(term)
      if (seen.size > 0) distance ||= back
    }
    return seen.size > 0 && seen.size * 2 >= wanted.size ? { seen: seen.size, distance } : undefined
  }

  #findChoice(choices: readonly string[]): string | undefined {
    const said = this.#tokens.flatMap((token) => (token.kind === 'number' ? [] : token.text.toLowerCase()))
    return choices.find((choice) => said.includes(choice.toLowerCase()))
  }

  #readFlag({ name }: Property): boolean | undefined {
    const wanted = new Set(extractTerms(name))
    const at = this.#tokens.findIndex(
      (token) => token.kind === 'word' && token.terms.some((term) => wanted.has(term)),
    )
    if (at < 0) return undefined
    const around = this.#tokens.slice(Math.max(0, at - 2), at + 2)
    return !around.some((token) => token.kind === 'word' && NEGATIONS.includes(token.text.toLowerCase()))
  }
}

/** Returns whether the value may come from words anywhere in the request. */
function isSaid({ type, choices }: Property): boolean {
  return choices.length > 0 || type === 'boolean'
}

function matchValue({ type, minimum, maximum }: Property, token: Token): JSONValue | undefined {
  if (token.kind === 'quoted') return type === 'string' || type === 'strings' ? token.text : undefined
  if (token.kind === 'word' || (type !== 'number' && type !== 'integer')) return undefined
  const { value } = token
  const fits = value >= minimum && value <= maximum && (type === 'number' || Number.isInteger(value))
  return fits ? value : undefined
}
