import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue } from '../core/catalogue.ts'
import type { CompiledText } from '../core/render.ts'
import type { Pack, Source } from '../core/sources.ts'

// What the build baked into `dist/` from `templates/`: validated then, so that it can be trusted now.

export function loadCatalogue(distDirectory: string): Catalogue {
  return JSON.parse(readFileSync(join(distDirectory, 'catalogue.json'), 'utf8')) as Catalogue
}

/** A layer or template in one file: reading six of these is much quicker than reading the hundred files in them. */
export type BakedPack = Record<string, BakedSource>
type BakedSource =
  | { text: string; sha256: string }
  | { base64: string; sha256: string }
  | { compiled: CompiledText }

export function bakeSource(source: Source): BakedSource {
  if (source.kind === 'text') return { compiled: source.compiled }
  const { content, sha256 } = source
  const text = content.toString('utf8')
  return Buffer.from(text).equals(content) ? { text, sha256 } : { base64: content.toString('base64'), sha256 }
}

export function loadPack(distDirectory: string, owner: string): Pack {
  const baked = JSON.parse(readFileSync(join(distDirectory, 'packs', `${owner}.json`), 'utf8')) as BakedPack
  return new Map(Object.entries(baked).map(([path, source]) => [path, unbaked(source)]))
}

function unbaked(source: BakedSource): Source {
  if ('compiled' in source) return { kind: 'text', compiled: source.compiled }
  const content = 'text' in source ? Buffer.from(source.text) : Buffer.from(source.base64, 'base64')
  return { kind: 'bytes', content, sha256: source.sha256 }
}
