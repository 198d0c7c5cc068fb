import type * as z from 'zod'
import { isRecord, parseJson } from '#kit/console/json'
import { findSimilarNames } from './similar-names.ts'

/** Parameters of the protocol that some clients send as "" for what they leave out. */
const EMPTY_IS_NONE = new Set(['arguments', 'cursor'])

/**
 * A message without the parameters that are null: clients in Go, Java and C# write null for what they leave
 * out, and no parameter of the protocol means anything by it. The same object when there is nothing to remove.
 */
export function removeNullParams(message: unknown): unknown {
  if (Array.isArray(message)) {
    const all = message.map(removeNullParams)
    return all.some((one, index) => one !== message[index]) ? all : message
  }
  if (!isRecord(message) || !('params' in message)) return message
  const { params, ...rest } = message
  if (params === null) return rest
  if (!isRecord(params)) return message
  const kept = Object.entries(params).filter(
    ([key, value]) => value !== null && !(value === '' && EMPTY_IS_NONE.has(key)),
  )
  return kept.length === Object.keys(params).length ? message : { ...rest, params: Object.fromEntries(kept) }
}

/** The same for a body; text that is not JSON stays for the SDK to refuse. */
export function removeNullParamsFromText(body: string): string {
  const message = parseJson(body)
  const changed = removeNullParams(message)
  return changed === message ? body : JSON.stringify(changed)
}

/**
 * A tool's arguments without those that say nothing: null, "" for what may be left out, and keys that the tool
 * does not have, which some clients add to every call. A key that looks like one that was left out stays: it is
 * misspelt, and the schema's error tells the model.
 */
export function removeLeftOut(given: unknown, { shape }: z.ZodObject): unknown {
  if (!isRecord(given)) return given
  const isKnown = (key: string) => Object.hasOwn(shape, key)
  const missing = Object.keys(shape).filter((key) => given[key] === undefined || given[key] === null)
  return Object.fromEntries(
    Object.entries(given).filter(([key, value]) => {
      if (!isKnown(key)) return value !== null && findSimilarNames(key, missing, 1).length > 0
      const field = shape[key]
      if (value === null) return accepts(field, null)
      return value !== '' || !accepts(field, undefined)
    }),
  )
}

function accepts(schema: z.core.$ZodType | undefined, value: unknown): boolean {
  return schema !== undefined && 'safeParse' in schema && (schema as z.ZodType).safeParse(value).success
}
