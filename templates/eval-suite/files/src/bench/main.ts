import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { runEvals } from '../evals/cli.ts'
import { markdownTable } from '../evals/print.ts'
import { choice } from '../suite/choose.ts'
import { startSlowModel } from './server.ts'

const LATENCY_MS = 500
const CASES = 20
/** Of what the latency alone takes: what a run may last before the runner is in the way. */
const MOST = 1.3

interface Way {
  name: string
  args: readonly string[]
  /** How many wait for the model at a time; 0: nobody asks it. */
  concurrency: number
}

const WAYS: readonly Way[] = [
  { name: 'one after the other', args: ['--fresh', '--concurrency', '1'], concurrency: 1 },
  { name: '4 at a time', args: ['--fresh', '--concurrency', '4'], concurrency: 4 },
  { name: '10 at a time', args: ['--fresh', '--concurrency', '10'], concurrency: 10 },
  { name: 'from the cache', args: ['--concurrency', '4'], concurrency: 0 },
  { name: 'replayed', args: ['--replay'], concurrency: 0 },
]

/** `npm run bench`: the same 20 cases on a loopback model with 500 ms latency, in all the ways that the suite has. In a copy: nothing of this repo changes. */
async function bench(): Promise<void> {
  const model = await startSlowModel(LATENCY_MS)
  const root = await mkdtemp(join(tmpdir(), 'eval-bench-'))
  try {
    for (const folder of ['evals', 'prompts', 'src'])
      await cp(folder, join(root, folder), { recursive: true })
    await writeFile(join(root, 'package.json'), '{}')
    await evaluate(root, model.env, ['bless', '--record', '--reason', 'bench', '--concurrency', '10'])
    const rows: Row[] = []
    for (const way of WAYS) rows.push({ way, ms: await evaluate(root, model.env, way.args) })
    process.stdout.write(`${tableOf(rows)}\n`)
    if (rows.some(({ way, ms }) => way.concurrency > 0 && ms > MOST * idealMs(way))) process.exitCode = 1
  } finally {
    model.close()
    await rm(root, { recursive: true, force: true })
  }
}

interface Row {
  way: Way
  ms: number
}

/** Milliseconds from the command line to the report. */
async function evaluate(root: string, env: Record<string, string>, argv: readonly string[]): Promise<number> {
  const printed: string[] = []
  const out = { write: (text: string) => printed.push(text) }
  const startedAt = performance.now()
  const world = {
    root,
    env,
    stdout: out,
    stderr: out,
    signal: new AbortController().signal,
    clock: () => new Date(),
  }
  const exitCode = await runEvals(argv, async () => choice, world)
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}:\n${printed.join('')}`)
  return performance.now() - startedAt
}

function idealMs({ concurrency }: Way): number {
  return concurrency === 0 ? 0 : Math.ceil(CASES / concurrency) * LATENCY_MS
}

function tableOf(rows: readonly Row[]): string {
  const slowest = rows[0]?.ms ?? 0
  const header = ['way', 'seconds', 'latency alone', 'ratio', 'overhead a case, ms', 'faster']
  const cells = rows.map(({ way, ms }) => {
    const ideal = idealMs(way)
    return [
      way.name,
      (ms / 1000).toFixed(2),
      (ideal / 1000).toFixed(1),
      ideal === 0 ? '-' : (ms / ideal).toFixed(2),
      ((ms - ideal) / CASES).toFixed(1),
      `${(slowest / ms).toFixed(1)} x`,
    ]
  })
  return markdownTable(header, cells)
}

await bench()
