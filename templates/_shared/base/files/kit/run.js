import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

// `node kit/run.js src/main.ts ARGUMENTS` compiles the repository if a source has changed since the
// last build, then runs dist/src/main.js in this process: an unchanged program starts without the compiler,
// and a signal reaches it directly. Nothing that it starts outlives it, and it doesn't outlive npm.

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist/.built')
const hasGroups = process.platform !== 'win32'
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM'])
const [entry = ''] = process.argv.splice(2, 1)

stopWithNpm()
if (!isBuilt()) await build()
if (isBuilt()) await import(pathToFileURL(join(root, 'dist', entry.replace(/\.ts$/, '.js'))).href)
else process.exitCode = 1

/**
 * npm passes a signal on to its shell, and to no other process. Debian's shell dies of it and leaves this process behind, which then
 * stops as if it had got the signal itself.
 */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return
  const { ppid } = process
  const watch = setInterval(() => {
    if (process.ppid === ppid && !isAdopted(ppid)) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 100)
  watch.unref()
}

/**
 * Whether the parent was gone before this process had started: npm and its shell are of the same process group, and the process that
 * adopts an orphan is not. Only Linux tells.
 * @param {number} ppid
 */
function isAdopted(ppid) {
  const files = [`/proc/${ppid}/stat`, '/proc/self/stat']
  if (!files.every((file) => existsSync(file))) return false
  // After the name, which may contain spaces: state, parent, process group.
  const [theirs, own] = files.map(
    (file) =>
      readFileSync(file, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[2],
  )
  return theirs !== own
}

async function build() {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json')
  const arguments_ = [
    join(compiler, '../bin/tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
    '--preserveSymlinks',
  ]
  // The compiler prints to stderr, because stdout belongs to the program.
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 2, 2], detached: hasGroups })
  const status = await waitUnlessStopped(child, () =>
    rmSync(join(root, 'dist/.tsbuildinfo'), { force: true }),
  )
  if (status !== 0) return
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stamp, fingerprint())
}

/**
 * Waits for a child and returns its exit code. A signal ends the child and what it has started, then this process. The child gets
 * SIGKILL, because on SIGTERM the compiler first finishes its work; `discard` removes what half of that work would be taken for.
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => void} discard
 */
async function waitUnlessStopped(child, discard) {
  /** @type {NodeJS.Signals | undefined} */
  let stoppedBy
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    stoppedBy = signal
    if (child.pid !== undefined && child.exitCode === null)
      process.kill(hasGroups ? -child.pid : child.pid, 'SIGKILL')
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  const [code] = await once(child, 'exit')
  for (const signal of SIGNALS) process.off(signal, stop)
  if (stoppedBy === undefined) return code
  discard()
  process.kill(process.pid, stoppedBy)
}

function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

/**
 * Hashes the path, size and mtime of every file that the compiler reads.
 * The lock file stands for the packages.
 */
function fingerprint() {
  const locks = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']
  const settings = ['package.json', ...locks, 'tsconfig.json', 'tsconfig.build.json']
  const sources = ['src', 'evals', 'kit'].flatMap(sourcesBelow)
  const hash = createHash('sha256')
  for (const path of [...settings, ...sources].filter((path) => existsSync(join(root, path)))) {
    const { size, mtimeMs } = statSync(join(root, path))
    hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/** @param {string} folder */
function sourcesBelow(folder) {
  if (!existsSync(join(root, folder))) return []
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /\.[jt]s(?:on)?$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}
