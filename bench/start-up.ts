import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAndInstall, run } from './install.ts'
import { roadmapFolder } from './roadmap-folder.ts'
import { median, table } from './table.ts'

/**
 * Start-up and generation as whole processes, beside `node -e 0` and create-vite, in turn, so that a machine that slows down slows all of them.
 * Wall time in milliseconds, medians; the ratio is to `node -e 0` of the same round.
 */
const ROUNDS = 20
const home = mkdtempSync(join(tmpdir(), 'ai-eng-bench-'))
// A custom certificate store costs Node tens of milliseconds at every start and would hide every difference.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env

interface Subject {
  name: string
  /** Where it runs; a new empty directory when left out. */
  cwd?: string
  args: string[]
  expectExit: number
}

try {
  const ours = packAndInstall(home)
  run('npm', ['install', '--prefix', join(home, 'vite'), '--no-audit', '--no-fund', 'create-vite@9'], home)
  const vite = join(home, 'vite/node_modules/create-vite/index.js')
  const viteVersion = JSON.parse(run('npm', ['ls', '--prefix', join(home, 'vite'), '--json'], home))
    .dependencies['create-vite'].version
  const subjects: Subject[] = [
    { name: 'node -e 0', args: ['-e', '0'], expectExit: 0 },
    { name: 'ai-eng-starter --help', args: [ours, '--help'], expectExit: 0 },
    {
      name: 'ai-eng-starter status, eight projects',
      cwd: roadmapFolder(home, ours),
      args: [ours, 'status'],
      expectExit: 0,
    },
    { name: `create-vite ${viteVersion} --help`, args: [vite, '--help'], expectExit: 0 },
    {
      name: 'ai-eng-starter new --no-install --no-git',
      args: [ours, 'new', 'summariser', 'app', '--yes', '--no-install', '--no-git'],
      expectExit: 0,
    },
    {
      name: `create-vite ${viteVersion} app`,
      args: [vite, 'app', '--template', 'vanilla-ts', '--no-interactive'],
      expectExit: 0,
    },
  ]
  const times = measure(subjects)
  const base = times[0] ?? []
  const rows = subjects.map(({ name }, index) => {
    const own = times[index] ?? []
    const ratios = own.map((time, round) => time / (base[round] ?? Number.NaN))
    return [name, median(own).toFixed(0), median(ratios).toFixed(2)]
  })
  console.log(table(['command', 'median ms', 'x node -e 0'], rows))
} finally {
  rmSync(home, { recursive: true })
}

/** One row of wall times per subject. A run that ends otherwise than expected stops the bench. */
function measure(subjects: readonly Subject[]): number[][] {
  const times = subjects.map((): number[] => [])
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, { name, args, expectExit, cwd: given }] of subjects.entries()) {
      const cwd = given ?? mkdtempSync(join(home, 'run-'))
      const start = process.hrtime.bigint()
      const { status } = spawnSync(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
      if (given === undefined) rmSync(cwd, { recursive: true })
      if (status !== expectExit) throw new Error(`${name} exited with ${status}`)
      if (round >= 0) times[index]?.push(milliseconds)
    }
  }
  return times
}
