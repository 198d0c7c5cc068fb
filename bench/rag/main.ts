import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAndInstall, run } from '../install.ts'
import { table } from '../table.ts'
import type { Measured } from './measure.ts'

/**
 * A generated RAG bot at growing sizes, each in a process of its own: how fast it indexes, how fast it finds, how much it needs, and how long it takes from opening an index
 * to the first words of an answer. The documents are made of the template's sample sentences, with names and numbers changed; the questions are those of its
 * evals. `SIZES=1000,5000` chooses sizes in chunks, `BEIR=DIR` adds the quality on a public set, `TEST_DATABASE_URL` measures that server as well.
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
const home = mkdtempSync(join(tmpdir(), 'ai-eng-bench-'))

try {
  const project = join(home, 'bot')
  run('node', [packAndInstall(home), 'new', 'rag-bot', project, '--yes', '--no-git'], home)
  run('npm', ['run', 'build'], project)
  const places = [undefined, process.env['TEST_DATABASE_URL']].filter((url, index) => index === 0 || url)
  for (const url of places) {
    console.log(`\n${url === undefined ? 'PGlite' : 'PostgreSQL'}, one process a size, ${process.version}\n`)
    console.log(
      table(
        HEADER,
        SIZES.map((size) => rowOf(size, measureIn(project, size, url))),
      ),
    )
  }
  const beir = process.env['BEIR']
  if (beir) console.log(`\n${run('node', ['dist/evals/retrieval.main.js', '--beir', beir], project)}`)
} finally {
  rmSync(home, { recursive: true })
}

function measureIn(project: string, size: number, url: string | undefined): Measured {
  const script = join(import.meta.dirname, 'measure.js')
  const env = { ...process.env, DATABASE_URL: url ?? '' }
  const { status, stdout, stderr } = spawnSync('node', [script, String(size)], {
    cwd: project,
    env,
    encoding: 'utf8',
  })
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
