import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { Notes } from '../src/notes/notes.ts'
import { createServer } from '../src/server.ts'

/**
 * Connects a client to a server with a copy of `notes`, so that a call that writes leaves the notes
 * unchanged.
 */
export async function runWithClient<T>(notes: string, use: (client: Client) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'notes-eval-'))
  try {
    await cp(notes, directory, { recursive: true })
    const report = (error: unknown) => {
      throw error
    }
    const opened = await Notes.open(directory)
    // Indexes the notes, as a running server has.
    await opened.list({ signal: new AbortController().signal })
    const server = createServer({ notes: opened, readOnly: false, report })
    const client = new Client({ name: 'evals', version: '0.1.0' })
    const [mine, theirs] = InMemoryTransport.createLinkedPair()
    await Promise.all([server.connect(theirs), client.connect(mine)])
    try {
      return await use(client)
    } finally {
      await client.close()
    }
  } finally {
    await rm(directory, { recursive: true })
  }
}
