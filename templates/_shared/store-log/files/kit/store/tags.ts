import { createHash } from 'node:crypto'
import { toStorableJson } from '#kit/store/storable'
import type { Metadata } from '#kit/store/store'

/** Metadata as every store would keep it. */
export function toStorableMetadata(metadata: Metadata): Metadata {
  return JSON.parse(toStorableJson(metadata)) as Metadata
}

/**
 * Tags to filter vectors by: hashes of key and value, because services allow only some keys and value types.
 */
export function hashTags(metadata: Metadata): string[] {
  return Object.entries(metadata).map((pair) =>
    createHash('sha256').update(JSON.stringify(pair)).digest('hex').slice(0, 16),
  )
}
