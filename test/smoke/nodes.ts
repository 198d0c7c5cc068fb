import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { mustRun } from '../packed/generated.ts'

const installed = new Map<number, Promise<string>>()

/** Another Node from the registry, where its binaries are packages, installed once: the directory to put first on the path. */
export function nodeDirectory(major: number): Promise<string> {
  const directory = installed.get(major) ?? install(major)
  installed.set(major, directory)
  return directory
}

async function install(major: number): Promise<string> {
  const directory = mkdtempSync(join(inject('home'), `node${major}-`))
  const name = `node-${process.platform}-${process.arch}`
  await mustRun(
    'npm',
    ['install', '--prefix', directory, '--no-audit', '--no-fund', `${name}@${major}`],
    directory,
  )
  return join(directory, 'node_modules', name, 'bin')
}
