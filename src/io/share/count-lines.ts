import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Both versions of a file; null where it does not exist. */
export interface Versions {
  path: string
  original: Buffer | null
  present: Buffer | null
}

export interface CountedLines {
  path: string
  /** Where git finds it again under another name: the original path. */
  from: string | null
  added: number | null
  removed: number | null
}

/** Files that git's `--numstat` lists, when line endings and moves do not count. Null without git. */
export function countLines(files: readonly Versions[]): CountedLines[] | null {
  if (files.length === 0) return []
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-share-'))
  try {
    for (const side of ['a', 'b']) mkdirSync(join(scratch, side))
    for (const { path, original, present } of files) {
      writeVersion(join(scratch, 'a', path), original)
      writeVersion(join(scratch, 'b', path), present)
    }
    return runNumstat(scratch)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function writeVersion(path: string, content: Buffer | null): void {
  if (content === null) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

const NUMSTAT = ['diff', '--no-index', '--numstat', '-z', '--find-renames', '--ignore-cr-at-eol']

function runNumstat(scratch: string): CountedLines[] | null {
  const args = [...NUMSTAT, '--no-ext-diff', '--no-textconv', 'a', 'b']
  const { status, stdout } = spawnSync('git', args, { cwd: scratch, maxBuffer: 64 * 1024 * 1024 })
  // 1: they differ.
  return status === 0 || status === 1 ? parseNumstat(stdout.toString('utf8')) : null
}

/** `ADDED<tab>REMOVED<tab>` then, each ended by NUL, the path in `a` and the path in `b`. */
function parseNumstat(output: string): CountedLines[] {
  const entries = output.matchAll(/(\d+|-)\t(\d+|-)\t\0([^\0]+)\0([^\0]+)\0/g)
  return [...entries].map(([, added = '', removed = '', before = '', after = '']) => {
    const [from, to] = [before, after].map((path) => (path === '/dev/null' ? null : path.slice('a/'.length)))
    const path = to ?? from ?? ''
    const isMove = to !== null && from !== null && from !== to
    return { path, from: isMove ? (from ?? null) : null, added: toCount(added), removed: toCount(removed) }
  })
}

/** git writes a dash for a file that is not text. */
function toCount(text: string): number | null {
  return text === '-' ? null : Number(text)
}
