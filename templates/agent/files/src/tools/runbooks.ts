import * as z from 'zod'
import { type Chunk, chunkDocument } from '../retrieval/chunk.ts'
import { LexicalIndex } from '../retrieval/lexical-index.ts'
import { firstHeadingOf } from '../retrieval/markdown.ts'
import type { Incident } from './incident.ts'
import { type AgentTool, readTool } from './tool.ts'

const SECTION = { maxTokens: 256, overlapTokens: 0 }

/** Search over what people wrote for this moment. The index is made when it is first asked, and kept. */
export function runbookTools(incident: Incident): AgentTool[] {
  let index: Promise<LexicalIndex> | undefined
  return [
    readTool({
      name: 'search_runbooks',
      description: 'Searches the runbooks and documents for what to do about a problem, by its words.',
      input: z.strictObject({
        question: z.string().min(1).describe('The problem in the words of the logs or of a colleague'),
        limit: z.int().min(1).max(5).default(3),
      }),
      run: async ({ question, limit }, { signal }) => {
        index ??= indexOf(incident, signal).catch((error: unknown) => {
          index = undefined
          throw error
        })
        const found = (await index).find(question, limit).map(({ chunk }) => chunk)
        if (found.length === 0) return 'No runbook says anything about it.'
        return [`runbook: ${found[0]?.document}`, ...found.map(sectionText)].join('\n\n')
      },
    }),
  ]
}

async function indexOf(incident: Incident, signal: AbortSignal): Promise<LexicalIndex> {
  const chunks: Chunk[] = []
  for (const name of (await incident.list(signal)).filter((name) => name.endsWith('.md'))) {
    const text = (await incident.lines(name, signal)).map((line) => line.text).join('\n')
    chunks.push(...chunkDocument({ name, title: firstHeadingOf(text) ?? name, text }, SECTION))
  }
  return new LexicalIndex(chunks)
}

function sectionText({ document, headings, title, text }: Chunk): string {
  return `${document}: ${[title, ...headings].join(' > ')}\n${text}`
}
