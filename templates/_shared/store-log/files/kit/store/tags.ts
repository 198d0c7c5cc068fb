import { createHash } from 'node:crypto'
import { toStorableJson } from '#kit/store/storable'
import type { Metadata } from '#kit/store/store'

/** As every store would keep it. */
export function toStorableMetadata(metadata: Metadata): Metadata {
  return JSON.parse(toStorableJson(metadata)) as Metadata
}

/** What a vector is filtered by. Services allow only some keys and some types of values; a hash of both may be anything. */
export function hashTags(metadata: Metadata): string[] {
  return Object.entries(metadata).map((pair) =>
    createHash('sha256').update(JSON.stringify(pair)).digest('hex').slice(0, 16),
  )
}
