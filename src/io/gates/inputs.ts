import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Gate } from '../../core/gates/kinds.ts'
import type { Settings } from '../../core/state/files.ts'
import { hashSha256 } from '../hash.ts'
import { makeHasher } from '../walk.ts'

interface InputPlace {
  /** The folder in which the gates are checked. Absolute. */
  directory: string
  /** The roadmap folder. Absolute. */
  root: string
  settings: Settings
}

/**
 * Hashes what a pass of a gate rests on: its files, the value of its variable and, for a post, the file that
 * the value names.
 */
export function makeInputsHasher({ directory, root, settings }: InputPlace): (gate: Gate) => string {
  const hash = makeHasher(directory)
  return (gate) => {
    const value = 'variable' in gate ? settings.vars[gate.variable ?? ''] : undefined
    const files = hash(gate.inputs)
    if (value === undefined) return files
    const named = join(root, value)
    const text = gate.kind === 'prose' && existsSync(named) ? readFileSync(named) : Buffer.from('')
    return hashSha256(Buffer.concat([Buffer.from(`${files}\n${value}\n`), text])).slice(0, 16)
  }
}
