import type { Answer, AnswerEvent, BotParts, Question } from '#kit/bot/contract'
import { openEmbedder } from '#kit/embeddings/open'
import { openLlm } from '#kit/llm/model'
import { countTerms, toEmbeddingText } from '#kit/retrieval/fields'
import { openMemoryStore } from '#kit/store/memory'
import type { Metadata } from '#kit/store/store'
import { createBot, tasks } from '../src/bot.ts'
import { chunkDocument } from '../src/chunk.ts'
import { hashToVector } from '../src/hashed-vector.ts'

export interface TestDocument {
  name: string
  text: string
  metadata?: Metadata
}

/**
 * What a bot over a few documents in memory is made from. Without settings of a provider the heuristic one
 * answers.
 */
export async function partsOver(
  documents: readonly TestDocument[],
  env: Record<string, string> = {},
): Promise<BotParts> {
  const embedder = await openEmbedder({ env: {}, hashed: hashToVector })
  const store = openMemoryStore({ model: embedder.modelId, dimensions: embedder.dimensions })
  for (const { name, text, metadata = {} } of documents) {
    const title = /^# (.+)$/m.exec(text)?.[1] ?? name
    const chunks = chunkDocument({ name, title, text })
    const vectors = await embedder.embed(chunks.map(toEmbeddingText))
    const indexed = chunks.map((chunk, index) => {
      const { counts, length } = countTerms(chunk)
      return { ...chunk, terms: counts, length, embedding: vectors[index] ?? [] }
    })
    await store.replaceDocuments([{ document: { name, title, hash: '', metadata }, chunks: indexed }])
  }
  const llm = await openLlm({ env: { AI_PROVIDER: 'heuristic', ...env }, tasks })
  return { store, embedder, llm }
}

export async function botOver(...given: Parameters<typeof partsOver>) {
  return createBot(await partsOver(...given))
}

type Asking = Pick<ReturnType<typeof createBot>, 'ask'>

export async function getAnswer({ ask }: Asking, question: string | Question): Promise<Answer> {
  const asked = typeof question === 'string' ? { question } : question
  for await (const event of ask(asked)) if (event.type === 'done') return event.answer
  throw new Error('the answer has no end')
}

export async function collectEvents({ ask }: Asking, question: Question): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = []
  for await (const event of ask(question)) events.push(event)
  return events
}
