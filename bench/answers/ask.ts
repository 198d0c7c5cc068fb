import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** What the bot said to one question. */
export interface Said {
  id: string
  text: string
  refused: boolean
  /** Of the sources, best first. */
  documents: string[]
}

/** The parts of the generated repo that answer. */
interface Parts {
  openEmbedder(options: object): Promise<{ modelId: string; dimensions: number }>
  hashToVector: unknown
  openLlm(options: object): Promise<object>
  openStore(options: object): Promise<object>
  listDocuments(path: string, signal: AbortSignal): Promise<unknown>
  ingest(list: unknown, options: object): Promise<{ skipped: readonly string[] }>
  createBot(parts: object): { ask(question: object): AsyncIterable<AskEvent> }
  tasks: object
}
interface AskEvent {
  type: string
  answer?: { text: string; refused: boolean; sources: readonly { document: string }[] }
}

/** Run in the root of a generated and built RAG bot: `node ask.js DOCUMENTS QUESTIONS`; prints a list of `Said`. */
const [folder = '', questions = ''] = process.argv.slice(2)
const parts = Object.assign(
  {},
  ...(await Promise.all(
    [
      'kit/embeddings/open',
      'src/hashed-vector',
      'kit/llm/model',
      'kit/store/open',
      'kit/documents/list-documents',
      'src/ingest',
      'src/bot',
    ].map((name) => import(resolve('dist', `${name}.js`))),
  )),
) as Parts
const { signal } = new AbortController()
const env = { AI_PROVIDER: 'heuristic' }
const embedder = await parts.openEmbedder({ env, hashed: parts.hashToVector })
const embedding = { model: embedder.modelId, dimensions: embedder.dimensions }
const store = await parts.openStore({ env, directory: undefined, embedding })
const { skipped } = await parts.ingest(await parts.listDocuments(folder, signal), {
  ...{ store, embedder, signal, onProgress: () => {} },
})
if (skipped.length > 0) throw new Error(`not read: ${skipped.join(', ')}`)
const bot = parts.createBot({ llm: await parts.openLlm({ env, tasks: parts.tasks }), store, embedder })
const said: Said[] = []
for (const line of readFileSync(questions, 'utf8').trim().split('\n')) {
  const { id, question } = JSON.parse(line) as { id: string; question: string }
  for await (const { answer } of bot.ask({ question })) {
    if (!answer) continue
    const documents = answer.sources.map(({ document }) => document)
    said.push({ id, text: answer.text, refused: answer.refused, documents })
  }
}
console.log(JSON.stringify(said))
