import * as z from 'zod'
import { type Chunk, chunkDocument } from '#kit/retrieval/chunk'
import { LexicalIndex } from '#kit/retrieval/lexical-index'
import { pickFirstHeading } from '#kit/retrieval/markdown'
import { type Incident, listLeftOut } from './incident.ts'
import { type AgentTool, readTool } from './tool.ts'

const SECTION = { maxTokens: 256, overlapTokens: 0 }

/** Search over what people wrote for this moment. The first search builds the index; later ones reuse it. */
export function createRunbookTools(incident: Incident): AgentTool[] {
  let index: ReturnType<typeof indexRunbooks> | undefined
  return [
    readTool({
      name: 'search_runbooks',
      description: 'Searches the runbooks and documents for what to do about a problem, by its words.',
      input: z.strictObject({
        question: z.string().min(1).describe('The problem in the words of the logs or of a colleague'),
        limit: z.int().min(1).max(5).default(3),
      }),
      run: async ({ question, limit }, { signal }) => {
        index ??= indexRunbooks(incident, signal).catch((error: unknown) => {
          index = undefined
          throw error
        })
        const { runbooks, leftOut } = await index
        const found = runbooks.find(question, limit).map(({ chunk }) => chunk)
        const said =
          found.length === 0
            ? ['No runbook says anything about it.']
            : [`runbook: ${found[0]?.document}`, ...found.map(renderSection)]
        return [...said, ...listLeftOut(leftOut)].join('\n\n')
      },
    }),
  ]
}

async function indexRunbooks(incident: Incident, signal: AbortSignal) {
  const chunks: Chunk[] = []
  const leftOut: string[] = []
  for (const name of (await incident.list(signal)).filter((name) => name.endsWith('.md'))) {
    const read = await incident.readAllLines([name], signal)
    leftOut.push(...read.leftOut)
    const text = read.lines.map((line) => line.text).join('\n')
    chunks.push(...chunkDocument({ name, title: pickFirstHeading(text) ?? name, text }, SECTION))
  }
  return { runbooks: new LexicalIndex(chunks), leftOut }
}

function renderSection({ document, headings, title, text }: Chunk): string {
  return `${document}: ${[title, ...headings].join(' > ')}\n${text}`
}
