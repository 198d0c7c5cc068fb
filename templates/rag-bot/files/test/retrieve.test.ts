import { describe, expect, it } from 'vitest'
import { retrieve } from '../src/retrieve.ts'
import { partsOver } from './bot.ts'

/** Two pages: one says the word in every section, the other once. */
const DOCUMENTS = [
  {
    name: 'loud.md',
    text: `# Loud\n\n${[1, 2, 3, 4, 5].map((n) => `## Rollback ${n}\n\nThe rollback, rollback ${n}.`).join('\n\n')}`,
  },
  {
    name: 'quiet.md',
    text: '# Quiet\n\nHere a rollback is mentioned once, among many other words about leave.',
  },
]

async function searchDocuments(search: {
  strategy?: 'bm25' | 'lexical' | 'vector' | 'hybrid'
  limit?: number
}) {
  const retriever = await partsOver(DOCUMENTS)
  const { hits } = await retrieve(retriever, { question: 'How does a rollback work?', ...search })
  return hits.map(({ chunk }) => chunk.document)
}

describe('retrieval', () => {
  it.each(['bm25', 'lexical', 'vector', 'hybrid'] as const)(
    'by %s leaves room for others when one page has all the best chunks',
    async (strategy) => {
      const documents = await searchDocuments({ strategy })
      expect(documents.filter((document) => document === 'loud.md')).toHaveLength(3)
      expect(documents).toContain('quiet.md')
    },
  )

  it('gives no more than it is asked for', async () => {
    expect(await searchDocuments({ limit: 2 })).toHaveLength(2)
  })

  it('ranks again with what the retriever brings for it', async () => {
    const parts = await partsOver(DOCUMENTS)
    const rerank = async (_: string, hits: readonly Parameters<typeof Array.isArray>[0][]) =>
      [...hits].reverse()
    const { hits } = await retrieve({ ...parts, rerank }, { question: 'rollback' })
    expect(hits[0]?.chunk.document).toBe('quiet.md')
  })
})
