import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Gate } from '../../../src/core/gates/kinds.ts'
import { gateSchema } from '../../../src/core/roadmap/schema.ts'
import { takeFingerprint } from '../../../src/core/similarity.ts'
import { runGate } from '../../../src/io/gates/run-gate.ts'
import type { GateWorld } from '../../../src/io/gates/world.ts'
import { readFolder } from '../../../src/io/state/folder.ts'
import { temporaryDirectory } from '../../temporary.ts'

/** A gate as a step's file would have it, with what every gate needs. */
export function gate(own: Record<string, unknown>): Gate {
  const common = {
    id: 'gate',
    title: 'It is so',
    why: 'because',
    cost: 'free',
    do: 'do it',
    hints: ['a hint'],
  }
  return { ...gateSchema.parse({ ...common, ...own }), hash: 'hash' }
}

/** The shipped text that nobody may hand in. */
export const SAMPLE =
  'The ferry to the outer islands leaves at seven when the wind is below force six, and the harbour master decides at five in the morning whether it does.'
const SAMPLE_CASE = 'When does the ferry to the outer islands leave in the morning'

export function write(root: string, files: Record<string, string | object>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

/** A roadmap folder with one project in it, `app`. */
export function project(files: Record<string, string | object> = {}): string {
  const root = temporaryDirectory()
  const file = { schemaVersion: 1, template: 'summariser', templateVersion: '0', options: {}, files: {} }
  write(root, { 'app/.ai-eng/project.json': file })
  write(join(root, 'app'), files)
  return root
}

/** Looks at a gate of the project `app`. */
export function look(root: string, one: Gate, changes: Partial<GateWorld> = {}) {
  const world: GateWorld = {
    directory: join(root, 'app'),
    folder: readFolder(root),
    samples: () => ({
      hashes: new Set(),
      texts: [takeFingerprint(SAMPLE)],
      code: [],
      caseIds: new Set(['shipped']),
      cases: [takeFingerprint(SAMPLE_CASE)],
    }),
    answer: undefined,
    env: {},
    signal: new AbortController().signal,
    fetch,
    allowLoopback: true,
    ...changes,
  }
  return runGate(one, world, { offline: false, yes: false })
}

/** A server on this machine that is gone after the test. Resolves to its address. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export function git(directory: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
  return execFileSync('git', [...identity, ...args], { cwd: directory, encoding: 'utf8' }).trim()
}

/** Makes the project a repository with one commit and a remote on GitHub. Returns the commit. */
export function repository(root: string): string {
  const app = join(root, 'app')
  git(app, 'init', '-q', '-b', 'main')
  git(app, 'remote', 'add', 'origin', 'https://github.com/learner/app.git')
  return commit(root)
}

export function commit(root: string): string {
  const app = join(root, 'app')
  git(app, 'add', '-A')
  git(app, 'commit', '-q', '-m', 'work')
  return git(app, 'rev-parse', 'HEAD')
}
