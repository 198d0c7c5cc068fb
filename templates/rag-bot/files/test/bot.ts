import { openEmbedder } from '#kit/embeddings/open'
import { openLlm } from '#kit/llm/model'
import { chunkDocument } from '#kit/retrieval/chunk'
import { embeddedText, termCounts } from '#kit/retrieval/fields'
import { hashedVector } from '#kit/retrieval/hashed-vector'
import type { Metadata } from '#kit/store/store'
import { type Answer, type AnswerEvent, ask, type Bot, heuristicTasks, type Question } from '../src/answer.ts'
import { memoryStore } from './memory-store.ts'

export interface TestDocument {
  name: string
  text: string
  metadata?: Metadata
}

/** A bot over a few documents in memory. Without settings of a provider the heuristic one answers. */
export async function botOver(
  documents: readonly TestDocument[],
  env: Record<string, string> = {},
): Promise<Bot> {
  const embedder = await openEmbedder({ env: {}, hashed: hashedVector })
  const store = memoryStore()
  for (const { name, text, metadata = {} } of documents) {
    const title = /^# (.+)$/m.exec(text)?.[1] ?? name
    const chunks = chunkDocument({ name, title, text })
    const vectors = await embedder.embed(chunks.map(embeddedText))
    const indexed = chunks.map((chunk, index) => {
      const { counts, length } = termCounts(chunk)
      return { ...chunk, terms: counts, length, embedding: vectors[index] ?? [] }
    })
    await store.replaceDocuments([{ document: { name, title, hash: '', metadata }, chunks: indexed }])
  }
  const llm = await openLlm({ env: { AI_PROVIDER: 'heuristic', ...env }, tasks: heuristicTasks })
  return { store, embedder, llm }
}

export async function answerOf(bot: Bot, question: string | Question): Promise<Answer> {
  const asked = typeof question === 'string' ? { question } : question
  for await (const event of ask(bot, asked)) if (event.type === 'done') return event.answer
  throw new Error('the answer has no end')
}

export async function eventsOf(bot: Bot, question: Question): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = []
  for await (const event of ask(bot, question)) events.push(event)
  return events
}
