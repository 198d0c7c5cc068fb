import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What one size gives. Run in the root of a generated and built RAG bot: `node measure.js CHUNKS`; prints this as JSON. */
export interface Measured {
  /** From the files to an index with everything in it. */
  chunksPerSecond: number
  wordsMs: readonly [p50: number, p95: number]
  vectorMs: readonly [p50: number, p95: number]
  /** A new process: from its start to the first words of an answer. */
  firstWordsSeconds: number
  /** null: on a server. */
  indexBytes: number | null
  rssAfterIngest: number
  rssToAnswer: number
}

/** The parts of the generated repo that are measured. */
interface Bot {
  openStore(options: object): Promise<{ close(): Promise<void> }>
  openEmbedder(options: object): Promise<{ modelId: string; dimensions: number }>
  hashToVector: unknown
  listDocuments(path: string, signal: AbortSignal): Promise<unknown>
  ingest(list: unknown, options: object): Promise<{ chunks: number }>
  retrieve(retriever: object, search: object): Promise<{ hits: unknown[] }>
}

const INDEX = '.data/bench'
const DOCS = '.data/bench-docs'
const ROUNDS = 3

const size = Number(process.argv[2])
const [opened, embeddings, hashing, documents, ingesting, retrieving] = await Promise.all(
  [
    'kit/store/open',
    'kit/embeddings/open',
    'src/hashed-vector',
    'kit/documents/list-documents',
    'src/ingest',
    'src/retrieve',
  ].map((name) => import(resolve('dist', `${name}.js`)) as Promise<Bot>),
)
const bot = { ...opened, ...embeddings, ...hashing, ...documents, ...ingesting, ...retrieving } as Bot

rmSync('.data', { recursive: true, force: true })
writeDocuments(size)
const embedder = await bot.openEmbedder({ env: {}, hashed: bot.hashToVector })
const embedding = { model: embedder.modelId, dimensions: embedder.dimensions }
const store = await bot.openStore({ env: process.env, directory: INDEX, embedding, rebuild: true })
const { signal } = new AbortController()

const start = performance.now()
const { chunks } = await bot.ingest(await bot.listDocuments(DOCS, signal), {
  ...{ store, embedder, signal, onProgress: () => {} },
})
const chunksPerSecond = (chunks * 1_000) / (performance.now() - start)
const rssAfterIngest = process.memoryUsage.rss()
const questions = readLines('evals/retrieval.jsonl').map(({ question }) => question ?? '')
const wordsMs = await timesOf('lexical')
const vectorMs = await timesOf('vector')
await store.close()

const asked = spawnSync('node', ['--input-type=module', '-e', ASK()], {
  encoding: 'utf8',
  env: { ...process.env, INDEX },
})
if (asked.status !== 0) throw new Error(asked.stderr)
const { firstWordsSeconds, rssToAnswer } = JSON.parse(asked.stdout) as Pick<
  Measured,
  'firstWordsSeconds' | 'rssToAnswer'
>
const indexBytes = existsSync(INDEX) ? bytesBelow(INDEX) : null
const measured: Measured = {
  ...{ chunksPerSecond, wordsMs, vectorMs, firstWordsSeconds, indexBytes, rssAfterIngest, rssToAnswer },
}
console.log(JSON.stringify(measured))

async function timesOf(strategy: string): Promise<[number, number]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const question of questions) {
      const start = performance.now()
      await bot.retrieve({ store, embedder }, { question, strategy })
      if (round > 0) times.push(performance.now() - start)
    }
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] ?? Number.NaN
  return [at(0.5), at(0.95)]
}

/** The command line's own way to an answer, with a clock and a look at the memory. */
function ASK(): string {
  const built = (path: string) => JSON.stringify(resolve('dist', path))
  return `
    import { runCommand } from ${built('kit/terminal/run.js')}
    import { createBot, tasks } from ${built('src/bot.js')}
    import { hashToVector } from ${built('src/hashed-vector.js')}
    import { ingest } from ${built('src/ingest.js')}
    import { Readable, Writable } from 'node:stream'
    let first
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
    const stdout = new Writable({ write: (_chunk, _encoding, done) => { first ??= performance.now(); done() } })
    const io = { env: process.env, directory: process.cwd(), stdin: Readable.from([]), stdout, stderr: silent, signal: new AbortController().signal }
    const asked = ['ask', 'How do we roll back a release?', '--index', process.env.INDEX]
    await runCommand({ ingest, createBot, tasks, hashedVector: hashToVector }, asked, io)
    console.log(JSON.stringify({ firstWordsSeconds: first / 1000, rssToAnswer: process.memoryUsage.rss() }))
  `
}

/** As many documents as give about so many chunks: sentences of the sample documents in another order, with other names and numbers. */
function writeDocuments(chunks: number): void {
  const random = seeded(7)
  const sentences = sampleSentences()
  const pick = () => sentences[Math.floor(random() * sentences.length)] ?? ''
  mkdirSync(DOCS, { recursive: true })
  const perDocument = 4
  for (let number = 0; number * perDocument < chunks; number++) {
    const sections = Array.from({ length: perDocument }, (_, section) => {
      const text = Array.from({ length: 6 }, () => changed(pick(), random)).join(' ')
      return `## Part ${section + 1} of ${number}\n\n${text}`
    })
    const folder = join(DOCS, String(number % 50))
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `page-${number}.md`), `# Page ${number}\n\n${sections.join('\n\n')}\n`)
  }
}

function sampleSentences(): string[] {
  const paths = readdirSync('docs-sample', { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.md'),
  )
  const text = paths.map((path) => readFileSync(join('docs-sample', path), 'utf8')).join('\n')
  const sentences = text.match(/[A-Z][^.!?\n|]{40,240}[.!?](?=\s)/g) ?? []
  if (sentences.length < 500) throw new Error(`only ${sentences.length} sentences in docs-sample`)
  return sentences
}

/** Other numbers, and a word that few other pages have: a vocabulary grows with a corpus. */
function changed(sentence: string, random: () => number): string {
  const word = `term${Math.floor(random() ** 3 * 50_000).toString(36)}`
  const numbers = sentence.replaceAll(/\d+/g, () => String(Math.floor(random() * 10_000)))
  return numbers.replace(/[.!?]$/, ` (${word}).`)
}

/** Mulberry32: the same documents in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function readLines(path: string): { question?: string }[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { question?: string })
}

function bytesBelow(folder: string): number {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return paths.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)
}
