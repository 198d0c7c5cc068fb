import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

// `node kit/run.js src/main.ts ARGUMENTS` compiles this repository when a source has changed since the last time, then runs the compiled
// dist/src/main.js in this very process: a second start costs no compiler, and a signal reaches the program itself.

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist/.built')
const [entry = ''] = process.argv.splice(2, 1)

if (!isBuilt()) build()
if (isBuilt()) await import(pathToFileURL(join(root, 'dist', entry.replace(/\.ts$/, '.js'))).href)
else process.exitCode = 1

function build() {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json')
  const arguments_ = [
    join(compiler, '../bin/tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
    '--preserveSymlinks',
  ]
  // Compiler messages are for people; standard output belongs to the program.
  const { status } = spawnSync(process.execPath, arguments_, { stdio: ['ignore', 2, 2] })
  if (status !== 0) return
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stamp, fingerprint())
}

function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

/** A hash of the path, size and time of every file that the compiler reads, packages aside: for those stands the lock file. */
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
