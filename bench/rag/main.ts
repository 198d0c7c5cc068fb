import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAndInstall, run } from '../install.ts'
import { table } from '../table.ts'
import { load } from './load.ts'
import type { Measured } from './measure.ts'
import { startStandIn } from './stand-in.ts'

/**
 * A generated RAG bot at growing sizes, each in a process of its own: how fast it indexes, how fast it finds, how much it needs, and how long it takes from opening an index
 * to the first words of an answer. The documents are made of the template's sample sentences, with names and numbers changed; the questions are those of its
 * evals. One table for each place an index may live in: `TEST_DATABASE_URL` and `TEST_CHROMA_URL` measure those servers as well. `SIZES=1000,5000` chooses sizes
 * in chunks, `BEIR=DIR` adds the quality on a public set.
 */
const SIZES = (process.env['SIZES'] ?? '1000,5000,20000').split(',').map(Number)
const HEADER = [
  'chunks',
  'ingest, chunks/s',
  'by words p50 / p95, ms',
  'by vector p50 / p95, ms',
  'open to first words, s',
  'index, MB',
  'RSS after ingest / to answer, MB',
]
/** Whatever is set where the benchmark is started. */
const NOWHERE = { DATABASE_URL: '', CHROMA_URL: '', PINECONE_API_KEY: '' }
const home = mkdtempSync(join(tmpdir(), 'ai-eng-bench-'))

interface Place {
  name: string
  store: string
  /** Absent: without a server. */
  env?: Record<string, string>
}

try {
  const bin = packAndInstall(home)
  const standIn = await startStandIn(home)
  for (const { name, store, env = {} } of placesOf(standIn.url)) {
    const project = projectWith(bin, store)
    console.log(`\n${name}, one process a size, ${process.version}\n`)
    const rows: string[][] = []
    for (const size of SIZES) rows.push(rowOf(size, await measureIn(project, size, env)))
    console.log(table(HEADER, rows))
  }
  standIn.close()
  console.log('\nIts server over the sample, in memory: p50 / p95 / p99, ms\n')
  console.log(await load(join(home, 'pgvector'), questionsOf(join(home, 'pgvector'))))
  const beir = process.env['BEIR']
  if (beir)
    console.log(`\n${run('node', ['dist/evals/retrieval.main.js', '--beir', beir], join(home, 'pgvector'))}`)
} finally {
  rmSync(home, { recursive: true })
}

function placesOf(standIn: string): Place[] {
  const { TEST_DATABASE_URL, TEST_CHROMA_URL } = process.env
  const pinecone = { PINECONE_API_KEY: 'scripted-key', PINECONE_HOST: standIn }
  return [
    { name: 'PGlite', store: 'pgvector' },
    ...(TEST_DATABASE_URL
      ? [{ name: 'PostgreSQL', store: 'pgvector', env: { DATABASE_URL: TEST_DATABASE_URL } }]
      : []),
    { name: 'A file (--store chroma or pinecone, without a server)', store: 'chroma' },
    ...(TEST_CHROMA_URL ? [{ name: 'Chroma', store: 'chroma', env: { CHROMA_URL: TEST_CHROMA_URL } }] : []),
    {
      name: 'A loopback stand-in for Pinecone (says nothing about Pinecone’s speed)',
      store: 'pinecone',
      env: pinecone,
    },
  ]
}

function questionsOf(project: string): string[] {
  const lines = readFileSync(join(project, 'evals/retrieval.jsonl'), 'utf8').trim().split('\n')
  return lines.map((line) => (JSON.parse(line) as { question: string }).question)
}

/** Generated and built once for each store. */
function projectWith(bin: string, store: string): string {
  const project = join(home, store)
  if (existsSync(project)) return project
  run('node', [bin, 'new', 'rag-bot', project, '--store', store, '--yes', '--no-git'], home)
  run('npm', ['run', 'build'], project)
  return project
}

/** Not waited for with the event loop stopped: the stand-in answers from this process. */
async function measureIn(project: string, size: number, env: Record<string, string>): Promise<Measured> {
  const script = join(import.meta.dirname, 'measure.js')
  const child = spawn('node', [script, String(size)], {
    cwd: project,
    env: { ...process.env, ...NOWHERE, ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`measuring ${size} chunks exited with ${status}\n${stderr}`)
  return JSON.parse(stdout) as Measured
}

function rowOf(size: number, m: Measured): string[] {
  const pair = ([p50, p95]: readonly [number, number]) => `${p50.toFixed(1)} / ${p95.toFixed(1)}`
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0)
  return [
    String(size),
    m.chunksPerSecond.toFixed(0),
    pair(m.wordsMs),
    pair(m.vectorMs),
    m.firstWordsSeconds.toFixed(1),
    m.indexBytes === null ? '-' : megabytes(m.indexBytes),
    `${megabytes(m.rssAfterIngest)} / ${megabytes(m.rssToAnswer)}`,
  ]
}
