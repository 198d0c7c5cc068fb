import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'

const runner = join(import.meta.dirname, '../../../kit/run.js')
const modules = dirname(dirname(createRequire(import.meta.url).resolve('typescript/package.json')))
const folders: string[] = []
const started: ChildProcess[] = []

afterEach(() => {
  for (const { pid } of started.splice(0))
    if (pid !== undefined && isAlive(-pid)) process.kill(-pid, 'SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, maxRetries: 3 })
})

/** A program that holds a lock until it is stopped, started by `npm run serve`. */
const SERVER = `
import { rmSync, writeFileSync } from 'node:fs'
import process from 'node:process'
writeFileSync('lock', String(process.pid))
const timer = setInterval(() => {}, 1_000)
process.on('SIGTERM', () => {
  rmSync('lock')
  clearInterval(timer)
})
console.log('ready')
`

function setUp({ files = 1 } = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'run-'))
  folders.push(root)
  mkdirSync(join(root, 'src'))
  mkdirSync(join(root, 'kit'))
  cpSync(runner, join(root, 'kit/run.js'), { dereference: true })
  symlinkSync(modules, join(root, 'node_modules'))
  const scripts = { serve: 'node kit/run.js src/main.ts' }
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'app', type: 'module', scripts }))
  const compilerOptions = {
    ...{ target: 'es2023', module: 'nodenext', types: ['node'], rootDir: '.', outDir: 'dist', strict: true },
    ...{ skipLibCheck: true, incremental: true, tsBuildInfoFile: 'dist/.tsbuildinfo' },
  }
  writeFileSync(join(root, 'tsconfig.build.json'), JSON.stringify({ compilerOptions, include: ['src'] }))
  writeFileSync(join(root, 'src/main.ts'), SERVER)
  // Enough work for the compiler to be still at it when the signal comes.
  for (let at = 1; at < files; at++)
    writeFileSync(join(root, `src/part${at}.ts`), Array.from({ length: 400 }, writeFunction).join('\n'))
  return root
}

function writeFunction(_: unknown, at: number): string {
  return `export function f${at}<T extends { a: number }>(x: T) { return { ...x, b: [x.a, String(x.a)] as const } }`
}

/** npm in a process group of its own, so that everything it leaves behind can be found. */
function startNpm(root: string, shell?: string): ChildProcess & { pid: number } {
  const child = spawn('npm', ['run', '--silent', 'serve'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...(shell && { npm_config_script_shell: shell }),
    },
  })
  started.push(child)
  if (child.pid === undefined) throw new Error('npm does not start')
  return Object.assign(child, { pid: child.pid })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The command lines of what was started for a folder. The compiler is in a group of its own. */
function listProcesses(root: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(root))
}

async function waitFor(condition: () => boolean, ms = 30_000): Promise<void> {
  const until = Date.now() + ms
  while (!condition()) {
    if (Date.now() > until) throw new Error('waited too long')
    await wait(10)
  }
}

describe.skipIf(process.platform === 'win32')('kill of npm run serve', { timeout: 90_000 }, () => {
  it.each([
    ['the usual shell', undefined],
    ['a shell that keeps a process to itself', '#!/bin/sh\nshift\n$1\nexit $?\n'],
    ['a shell that becomes the program', '#!/bin/sh\nshift\nexec $1\n'],
  ])('leaves no process and no lock behind %s', async (_, script) => {
    const root = setUp()
    const shell = script === undefined ? undefined : join(root, 'shell.sh')
    if (shell !== undefined && script !== undefined) {
      writeFileSync(shell, script)
      chmodSync(shell, 0o755)
    }
    const npm = startNpm(root, shell)
    await waitFor(() => existsSync(join(root, 'lock')))
    const exit = once(npm, 'exit')
    process.kill(npm.pid, 'SIGTERM')
    await exit
    await waitFor(() => !isAlive(-npm.pid), 5_000)
    expect(existsSync(join(root, 'lock'))).toBe(false)
  })

  it('leaves no compiler behind, and the next start compiles all of it', async () => {
    const root = setUp({ files: 60 })
    const npm = startNpm(root)
    await waitFor(() => listProcesses(root).some((line) => /lib\/tsc|bin\/tsc/.test(line)))
    await wait(200)
    process.kill(npm.pid, 'SIGTERM')
    await waitFor(() => !isAlive(-npm.pid), 5_000)
    await waitFor(() => listProcesses(root).length === 0, 1_000)
    expect(existsSync(join(root, 'dist/.built'))).toBe(false)
    const again = startNpm(root)
    await waitFor(() => existsSync(join(root, 'lock')), 60_000)
    process.kill(again.pid, 'SIGTERM')
    await waitFor(() => !existsSync(join(root, 'lock')), 5_000)
    expect(existsSync(join(root, 'dist/src/part59.js'))).toBe(true)
  })
})
