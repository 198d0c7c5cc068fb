import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue } from '../core/catalogue.ts'
import type { CompiledText } from '../core/render.ts'
import type { Pack, Source } from '../core/sources.ts'

// What the build baked into `dist/` from `templates/`: validated then, so that it can be trusted now.

export function loadCatalogue(distDirectory: string): Catalogue {
  return JSON.parse(readFileSync(join(distDirectory, 'catalogue.json'), 'utf8')) as Catalogue
}

/**
 * A layer or template in one file: a line of JSON with what each path is, then the bytes of all copied files, end to end. Reading six of these is much quicker
 * than reading the hundred files in them, and their bytes are written out as they are, never decoded.
 */
type BakedIndex = Record<string, { size: number; sha256: string } | { compiled: CompiledText }>

export function bakePack(pack: Pack): Buffer {
  const index: BakedIndex = {}
  const contents: Buffer[] = []
  for (const [path, source] of pack) {
    if (source.kind === 'text') {
      index[path] = { compiled: source.compiled }
      continue
    }
    index[path] = { size: source.content.length, sha256: source.sha256 }
    contents.push(source.content)
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...contents])
}

export function loadPack(distDirectory: string, owner: string): Pack {
  const baked = readFileSync(join(distDirectory, 'packs', `${owner}.pack`))
  let start = baked.indexOf('\n') + 1
  const index = JSON.parse(baked.toString('utf8', 0, start)) as BakedIndex
  const pack = new Map<string, Source>()
  for (const [path, entry] of Object.entries(index)) {
    if ('compiled' in entry) {
      pack.set(path, { kind: 'text', compiled: entry.compiled })
      continue
    }
    const end = start + entry.size
    pack.set(path, { kind: 'bytes', content: baked.subarray(start, end), sha256: entry.sha256 })
    start = end
  }
  if (start !== baked.length)
    throw new Error(
      `${owner}.pack has ${baked.length} bytes and should have ${start}. Install ai-eng-starter again.`,
    )
  return pack
}
