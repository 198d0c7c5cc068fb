import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { runEvals } from '#kit/evals/cli'
import { renderMarkdownTable } from '#kit/evals/print'
import { runParallel } from '#kit/evals/run'
import type { Choice } from '#kit/evals/suite'
import { startSlowModel } from './server.ts'

const LATENCY_MS = 500
const CASES = 20
/** A run may take this many times the latency alone; beyond it, the runner is the bottleneck. */
const MOST = 1.3
/** Rounds per way. The median hides moments when the machine was busy. */
const ROUNDS = 3

interface Way {
  name: string
  args: readonly string[]
  /** How many requests wait for the model at a time; 0: it is not asked. */
  concurrency: number
}

/** Without a target the recordings would run too. */
const LIVE = ['--target', 'handbook', '--concurrency']

const WAYS: readonly Way[] = [
  { name: 'one after the other', args: [...LIVE, '1', '--fresh'], concurrency: 1 },
  { name: '4 at a time', args: [...LIVE, '4', '--fresh'], concurrency: 4 },
  { name: '10 at a time', args: [...LIVE, '10', '--fresh'], concurrency: 10 },
  { name: 'from the cache', args: [...LIVE, '4'], concurrency: 0 },
  { name: 'replayed', args: ['--replay'], concurrency: 0 },
]

interface Row {
  way: Way
  /** Milliseconds from the command line to the report. */
  ms: number
  /** What the same requests take with `fetch` and nothing around it. */
  bareMs: number
}

/**
 * `npm run bench`: the same 20 cases on a loopback model with 500 ms latency, in every mode of the suite,
 * each next to its bare requests. Works in a copy and changes nothing in this repo.
 */
export async function runBench(suite: Choice): Promise<void> {
  const model = await startSlowModel(LATENCY_MS)
  const root = await mkdtemp(join(tmpdir(), 'eval-bench-'))
  try {
    for (const folder of ['evals', 'prompts', 'src', 'kit'])
      await cp(folder, join(root, folder), { recursive: true })
    await writeFile(join(root, 'package.json'), '{}')
    await evaluate(suite, root, model.env, ['bless', '--record', '--reason', 'bench', '--concurrency', '10'])
    const requests = [...model.asked]
    const rounds: Row[][] = []
    for (let round = 0; round < ROUNDS; round++) {
      const rows: Row[] = []
      for (const way of WAYS) {
        const bareMs = await sendBareRequests(model.url, requests, way.concurrency)
        rows.push({ way, bareMs, ms: await evaluate(suite, root, model.env, way.args) })
      }
      rounds.push(rows)
    }
    const rows = WAYS.map((way, index) =>
      computeMedianRow(
        rounds.flatMap((round) => round[index] ?? []),
        way,
      ),
    )
    process.stdout.write(`${renderBenchTable(rows)}\n`)
    if (rows.some(({ way, ms }) => way.concurrency > 0 && ms > MOST * computeIdealMs(way)))
      process.exitCode = 1
  } finally {
    model.close()
    await rm(root, { recursive: true, force: true })
  }
}

function computeMedianRow(rows: readonly Row[], way: Way): Row {
  const median = (of: (row: Row) => number) => rows.map(of).sort((a, b) => a - b)[rows.length >> 1] ?? 0
  return { way, ms: median(({ ms }) => ms), bareMs: median(({ bareMs }) => bareMs) }
}

/** Milliseconds from the command line to the report. */
async function evaluate(
  suite: Choice,
  root: string,
  env: Record<string, string>,
  argv: readonly string[],
): Promise<number> {
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
  const exitCode = await runEvals(argv, async () => suite, world)
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}:\n${printed.join('')}`)
  return performance.now() - startedAt
}

/** Milliseconds for the bodies of all requests and their answers, so many at a time. */
async function sendBareRequests(
  url: string,
  bodies: readonly string[],
  concurrency: number,
): Promise<number> {
  if (concurrency === 0) return 0
  const { signal } = new AbortController()
  const startedAt = performance.now()
  await runParallel(bodies, { concurrency, signal }, async (body) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}/chat/completions`, { method: 'POST', headers, body })).json()
  })
  return performance.now() - startedAt
}

function computeIdealMs({ concurrency }: Way): number {
  return concurrency === 0 ? 0 : Math.ceil(CASES / concurrency) * LATENCY_MS
}

function renderBenchTable(rows: readonly Row[]): string {
  const slowest = rows[0]?.ms ?? 0
  const header = ['way', 'seconds', 'bare requests', 'x latency alone', 'overhead a case, ms', 'faster']
  const cells = rows.map(({ way, ms, bareMs }) => {
    const ideal = computeIdealMs(way)
    return [
      way.name,
      (ms / 1000).toFixed(2),
      (bareMs / 1000).toFixed(2),
      ideal === 0 ? '-' : (ms / ideal).toFixed(2),
      ((ms - bareMs) / CASES).toFixed(1),
      `${(slowest / ms).toFixed(1)} x`,
    ]
  })
  return renderMarkdownTable(header, cells)
}
