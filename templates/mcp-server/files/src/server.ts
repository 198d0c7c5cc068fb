import { McpServer } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { SDK_OPTIONS, SERVER } from './about.ts'
import type { Notes } from './notes/notes.ts'
import { registerPrompts } from './prompts.ts'
import { registerResources } from './resources.ts'
import { describePassage, passage, renderPassage } from './tools/passage.ts'
import { createResult } from './tools/result.ts'
import { defineTool, READ_ONLY } from './tools/tool.ts'
import { MORE_TOOLS } from './tools/tools.ts'

/** One tool, whole. A model sees its name, description and schemas, and chooses by nothing else. */
export const searchNotes = defineTool({
  name: 'search_notes',
  title: 'Search notes',
  description:
    'Finds passages in the notes by their words. Use it to answer a question, or to find which note says something about a topic. ' +
    'Gives the best passages, each with the name of its note.',
  scope: 'notes:read',
  annotations: READ_ONLY,
  inputSchema: z.strictObject({
    query: z.string().trim().min(1).max(500).describe('Words or a question to look for'),
    limit: z.int().min(1).max(20).default(5).describe('How many passages at most'),
  }),
  outputSchema: z.object({ passages: z.array(passage), notes_searched: z.int() }),
  async call({ query, limit }, { notes, look }) {
    const { hits, total } = await notes.search(query, limit, look)
    const passages = hits.map(describePassage)
    const nothing = `None of the ${total} notes has a word of "${query}". Try other words, or list_notes.`
    const text = passages.map(renderPassage).join('\n\n---\n\n') || nothing
    return createResult(text, { passages, notes_searched: total })
  },
})

export interface ServerOptions {
  notes: Notes
  /** Leaves out every tool that writes. */
  readOnly: boolean
  /** Gets unexpected failures, which clients must not see. */
  report: (error: unknown) => void
}

/**
 * Builds the server for one connection or one request. Both transports and both protocol revisions use it, so
 * all of them offer the same.
 */
export function createServer({ notes, readOnly, report }: ServerOptions): McpServer {
  const server = new McpServer(SERVER, SDK_OPTIONS)
  const tools = [searchNotes, ...MORE_TOOLS].filter(({ scope }) => !readOnly || scope === 'notes:read')
  for (const tool of tools) tool.register(server, { notes, report })
  registerResources(server, notes)
  registerPrompts(server, notes)
  return server
}
