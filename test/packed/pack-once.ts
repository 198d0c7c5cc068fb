import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packAndInstall } from '../../bench/install.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The bin of the installed tarball. */
    bin: string
    /** Outside this repository, so that none of its settings leak into what is generated. */
    home: string
  }
}

/** Packs and installs this package once for all tests, as a user would get it. */
export function setup(project: TestProject): () => void {
  const home = mkdtempSync(join(tmpdir(), 'ai-eng-packed-'))
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: ['ignore', 'inherit', 'inherit'] })
  project.provide('home', home)
  project.provide('bin', packAndInstall(home))
  return () => rmSync(home, { recursive: true, force: true })
}
