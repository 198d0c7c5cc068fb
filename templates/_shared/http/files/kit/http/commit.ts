import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Env } from '#kit/console/env'

/** Variables in which a build, or a platform that builds from a push, names the commit. */
const VARIABLES = [
  'COMMIT',
  'RENDER_GIT_COMMIT',
  'RAILWAY_GIT_COMMIT_SHA',
  'VERCEL_GIT_COMMIT_SHA',
  'SOURCE_VERSION',
]
const SHA = /^[\da-f]{40}(?:[\da-f]{24})?$/

/** The full hash of the running commit. null: it is unknown, or tracked files have uncommitted changes. */
export async function findRunningCommit(env: Env, directory: string): Promise<string | null> {
  const told = VARIABLES.map((name) => env[name]?.trim().toLowerCase() ?? '').find((value) => SHA.test(value))
  if (told !== undefined) return told
  try {
    const git = promisify(execFile)
    const [head, status] = await Promise.all([
      git('git', ['rev-parse', 'HEAD'], { cwd: directory }),
      git('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: directory }),
    ])
    const commit = head.stdout.trim()
    return status.stdout === '' && SHA.test(commit) ? commit : null
  } catch {
    return null // no git or no repository, as in an image
  }
}
