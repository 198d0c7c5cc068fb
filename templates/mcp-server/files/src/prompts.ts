import {
  completable,
  type GetPromptResult,
  type McpServer,
  requireScopes,
} from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { Notes } from './notes/notes.ts'
import { formatNoteUri } from './notes/uri.ts'
import { completeName, readNoteText } from './resources.ts'

const PASSAGES = 6

type Message = GetPromptResult['messages'][number]

/**
 * Registers the prompts that a user starts by name in a client. Notes are attached as resources, apart from
 * the task, so that they read as data.
 */
export function registerPrompts(server: McpServer, notes: Notes): void {
  const scopeChallenge = requireScopes('notes:read')
  server.registerPrompt(
    'summarise_note',
    {
      title: 'Summarise a note',
      description: 'A short summary of one note, for a reader who has not read it',
      argsSchema: z.object({
        name: completable(z.string().describe('Name of the note'), (typed) => completeName(notes, typed)),
      }),
      scopeChallenge,
    },
    async ({ name }, { mcpReq }) => ({
      messages: [
        createText(
          'Summarise the note below in at most five sentences. Keep its numbers, dates and names. Leave out what it does not say.',
        ),
        attachNote(name, await readNoteText(notes, name, mcpReq.signal)),
      ],
    }),
  )
  server.registerPrompt(
    'answer_from_notes',
    {
      title: 'Answer from the notes',
      description: 'An answer to a question that rests on the notes alone',
      argsSchema: z.object({ question: z.string().min(1).max(500).describe('What you want to know') }),
      scopeChallenge,
    },
    async ({ question }, { mcpReq }) => {
      const { hits } = await notes.search(question, PASSAGES, { signal: mcpReq.signal })
      const task =
        `Answer this question from the passages below and from nothing else: ${question}\n` +
        'Name the note behind each statement. If the passages do not answer it, say so, and say what to search for instead.'
      return {
        messages: [createText(task), ...hits.map(({ chunk }) => attachNote(chunk.document, chunk.text))],
      }
    },
  )
}

function createText(text: string): Message {
  return { role: 'user', content: { type: 'text', text } }
}

function attachNote(name: string, text: string): Message {
  return {
    role: 'user',
    content: { type: 'resource', resource: { uri: formatNoteUri(name), mimeType: 'text/markdown', text } },
  }
}
