import type { JSONValue } from '@ai-sdk/provider'
import { termsOf } from '../retrieval/terms.ts'
import type { Property } from './describe.ts'
import { type Token, tokensOf } from './request.ts'

export interface FilledArguments {
  input: Record<string, JSONValue>
  /** Names of what is required and stands nowhere. */
  missing: string[]
}

/**
 * The arguments that a request states. First whatever stands right behind a parameter's name (`tier 1`, `titled "Pool exhausted"`), then, for what is
 * required, what is left in its order, and last the strings that are left for optional strings. Nothing is made up.
 */
export function fillArguments(request: string, properties: readonly Property[]): FilledArguments {
  const filling = new Filling(tokensOf(request))
  const found = new Map<string, JSONValue>()
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
    () => true,
    (property) => filling.named(property),
  )
  fill(
    ({ required, nullable }) => required && !nullable,
    (property) => filling.next(property),
  )
  fill(
    ({ type, choices }) => type === 'string' && choices.length === 0,
    (property) => filling.next(property),
  )
  fill(
    ({ required, nullable }) => required && nullable,
    () => null,
  )
  const missing = properties.filter(({ name, required }) => required && !found.has(name))
  return { input: Object.fromEntries(found), missing: missing.map(({ name }) => name) }
}

/** Words that may stand between a parameter's name and its value. */
const REACH = 3
const NEGATIONS = ['no', 'not', 'without', 'never', 'dont', 'false', 'off']

/** The values of a request; each is used once. */
class Filling {
  readonly #tokens: readonly Token[]
  readonly #used = new Set<number>()

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** What the request says about this very parameter. */
  named(property: Property): JSONValue | undefined {
    if (property.choices.length > 0) return this.#choice(property.choices)
    if (property.type === 'boolean') return this.#flag(property)
    const wanted = new Set(termsOf(property.name))
    const near = this.#tokens.flatMap((token, at) => {
      const value = this.#used.has(at) ? undefined : valueFor(property, token)
      const distance = this.#distanceBefore(at, wanted)
      return value === undefined || distance === undefined ? [] : { at, value, distance }
    })
    const [nearest] = near.sort((a, b) => a.distance - b.distance)
    return nearest && this.#take(nearest)
  }

  /** The first value left that can be this parameter. */
  next(property: Property): JSONValue | undefined {
    const left = this.#tokens.flatMap((token, at) => {
      const value = this.#used.has(at) ? undefined : valueFor(property, token)
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

  /** How many words back the name of the parameter stands: at least half of its words, with no other value in between. */
  #distanceBefore(at: number, wanted: ReadonlySet<string>): number | undefined {
    const seen = new Set<string>()
    for (let back = 1; back <= REACH; back++) {
      const token = this.#tokens[at - back]
      if (token?.kind !== 'word') return undefined
      for (const term of token.terms) if (wanted.has(term)) seen.add(term)
      if (seen.size > 0 && seen.size * 2 >= wanted.size) return back
    }
    return undefined
  }

  #choice(choices: readonly string[]): string | undefined {
    const said = this.#tokens.flatMap((token) => (token.kind === 'number' ? [] : token.text.toLowerCase()))
    return choices.find((choice) => said.includes(choice.toLowerCase()))
  }

  #flag({ name }: Property): boolean | undefined {
    const wanted = new Set(termsOf(name))
    const at = this.#tokens.findIndex(
      (token) => token.kind === 'word' && token.terms.some((term) => wanted.has(term)),
    )
    if (at < 0) return undefined
    const around = this.#tokens.slice(Math.max(0, at - 2), at + 2)
    return !around.some((token) => token.kind === 'word' && NEGATIONS.includes(token.text.toLowerCase()))
  }
}

function valueFor({ type, minimum, maximum }: Property, token: Token): JSONValue | undefined {
  if (token.kind === 'quoted') return type === 'string' || type === 'strings' ? token.text : undefined
  if (token.kind === 'word' || (type !== 'number' && type !== 'integer')) return undefined
  const { value } = token
  const fits = value >= minimum && value <= maximum && (type === 'number' || Number.isInteger(value))
  return fits ? value : undefined
}
