import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustRun, type ProgramOptions } from './run-program.ts'

const COMMITTER = ['-c', 'user.name=ai-eng-starter', '-c', 'user.email=ai-eng-starter@localhost']

/**
 * Saves everything that git would add, in its present state, under a separate ref. Uses a temporary index, so
 * that the work tree, the index, branches and stashes stay unchanged. Returns the ref. Throws a UserError
 * when git fails.
 */
export async function saveBackup(options: ProgramOptions, at: Date): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'ai-eng-backup-'))
  const git = (...args: string[]) =>
    mustRun('git', [...COMMITTER, ...args], { ...options, env: { GIT_INDEX_FILE: join(scratch, 'index') } })
  try {
    await git('read-tree', 'HEAD')
    await git('add', '--all', '.')
    const tree = (await git('write-tree')).trim()
    const message = `Before ai-eng-starter reset --files, ${at.toISOString()}`
    const commit = (await git('commit-tree', tree, '-p', 'HEAD', '-m', message)).trim()
    const ref = `refs/ai-eng/backup/${at.toISOString().replace(/[:.]/g, '-')}`
    await git('update-ref', ref, commit, '0'.repeat(commit.length))
    return ref
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
