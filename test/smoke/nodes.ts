import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { mustRun } from '../packed/generated.ts'

/** Installs another Node from the registry, where its binaries are packages, and returns the directory to put first on the path. */
export async function nodeDirectory(major: number): Promise<string> {
  const directory = mkdtempSync(join(inject('home'), `node${major}-`))
  const name = `node-${process.platform}-${process.arch}`
  await mustRun(
    'npm',
    ['install', '--prefix', directory, '--no-audit', '--no-fund', `${name}@${major}`],
    directory,
  )
  return join(directory, 'node_modules', name, 'bin')
}
