import { spawnSync } from 'node:child_process'
import { PROJECT_FILE } from '../state/folder.ts'

const LARGEST_OUTPUT = 256 * 1024 * 1024

/**
 * The files of the commit that added `.ai-eng/project.json`: as generated, if the learner committed before
 * changing them. Empty without git or such a commit.
 */
export function readStartCommit(directory: string, paths: readonly string[]): Map<string, Buffer> {
  const log = ['log', '--reverse', '--diff-filter=A', '--format=%H', '--', PROJECT_FILE]
  const commit = runGit(directory, log).toString('utf8').split('\n')[0] ?? ''
  if (commit === '') return new Map()
  const wanted = paths.filter((path) => !path.includes('\n'))
  const input = wanted.map((path) => `${commit}:./${path}\n`).join('')
  return parseBlobs(runGit(directory, ['cat-file', '--batch'], input), wanted)
}

/** Empty when git is not installed or fails: then the directory has no history to read. */
function runGit(directory: string, args: readonly string[], input = ''): Buffer {
  const { status, stdout } = spawnSync('git', args, { cwd: directory, input, maxBuffer: LARGEST_OUTPUT })
  return status === 0 ? stdout : Buffer.alloc(0)
}

/** Reads the answers of `git cat-file --batch`, which come in the order of the paths. */
function parseBlobs(output: Buffer, paths: readonly string[]): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>()
  let at = 0
  for (const path of paths) {
    const end = output.indexOf('\n', at)
    if (end < 0) break
    const size = /^[0-9a-f]{40,64} blob (\d+)$/.exec(output.toString('utf8', at, end))?.[1]
    at = end + 1
    if (size === undefined) continue
    blobs.set(path, output.subarray(at, at + Number(size)))
    at += Number(size) + 1
  }
  return blobs
}

/**
 * Files of a project that can be its owner's work: those that git has or would add. Null without git,
 * outside of a repository, or in a folder that a repository above ignores.
 */
export function listUnignored(directory: string): string[] | null {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', args, { cwd: directory, maxBuffer: LARGEST_OUTPUT })
  if (status !== 0) return null
  const paths = [...new Set(stdout.toString('utf8').split('\0'))].filter((path) => path !== '')
  return paths.length > 0 ? paths : null
}
