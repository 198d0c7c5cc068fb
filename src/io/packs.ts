import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { CompiledText } from '../core/render.ts'
import type { Pack, Source } from '../core/sources.ts'

/**
 * A layer or template in one file: a line of JSON that describes each path, then the bytes of all copied
 * files, end to end. Reading six packs is much quicker than reading the hundred files in them, and the bytes
 * are written without being decoded. Packs are compressed, because the package would otherwise weigh
 * megabytes; with Brotli, because its window spans a whole pack.
 */
type BakedIndex = Record<
  string,
  { size: number; sha256: string; uses?: readonly string[] } | { compiled: CompiledText }
>

/** `quality` is Brotli's: 11 takes seven times as long as 9 and saves a tenth. */
export function bakePack(pack: Pack, quality: 9 | 11): Buffer {
  const index: BakedIndex = {}
  const contents: Buffer[] = []
  for (const [path, source] of pack) {
    if (source.kind === 'text') {
      index[path] = { compiled: source.compiled }
      continue
    }
    const { content, sha256, uses } = source
    index[path] = { size: content.length, sha256, ...(uses && { uses }) }
    contents.push(content)
  }
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...contents])
  return brotliCompressSync(whole, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
}

/** Throws an Error for a damaged pack. */
export function loadPack(distDirectory: string, owner: string): Pack {
  const baked = decompress(readFileSync(join(distDirectory, 'packs', `${owner}.pack`)), owner)
  let start = baked.indexOf('\n') + 1
  const index = JSON.parse(baked.toString('utf8', 0, start)) as BakedIndex
  const pack = new Map<string, Source>()
  for (const [path, entry] of Object.entries(index)) {
    if ('compiled' in entry) {
      pack.set(path, { kind: 'text', compiled: entry.compiled })
      continue
    }
    const end = start + entry.size
    const { sha256, uses } = entry
    pack.set(path, { kind: 'bytes', content: baked.subarray(start, end), sha256, ...(uses && { uses }) })
    start = end
  }
  return pack
}

/** Loads the packs of every layer and template. Throws an Error for a damaged pack. */
export function loadAllPacks(distDirectory: string): Pack[] {
  const names = readdirSync(join(distDirectory, 'packs')).filter((name) => name.endsWith('.pack'))
  return names.map((name) => loadPack(distDirectory, name.slice(0, -'.pack'.length)))
}

function decompress(compressed: Buffer, owner: string): Buffer {
  try {
    return brotliDecompressSync(compressed)
  } catch (error) {
    throw new Error(`${owner}.pack is damaged. Install ai-eng-starter again.`, { cause: error })
  }
}
