import { loadEnv } from '#kit/console/env'
import { printableText } from '#kit/console/printable'
import { type Io, note, write } from '#kit/console/process'
import { startTracing } from '#kit/otel/start'
import { issueToken } from './auth/issue.ts'
import { clientConfigurations } from './connect.ts'
import { Notes } from './notes/notes.ts'
import { type Command, HELP, parseCommand } from './options.ts'
import { serveOverStdio } from './stdio.ts'
import { serveOverHttp } from './web/serve.ts'

/** Runs a command. Standard output carries results and nothing else. Throws; `runMain` turns that into an exit code. */
export async function run(args: readonly string[], io: Io): Promise<void> {
  const command = parseCommand(args)
  switch (command.name) {
    case 'help':
      return write(io.stdout, HELP)
    case 'stdio':
    case 'serve':
      return serve(command, io)
    case 'search':
      return search(command, io)
    case 'connect':
      return write(io.stdout, clientConfigurations({ ...command, directory: io.directory }))
    case 'token':
      return write(io.stdout, `${await issueToken(command, loadEnv(io.directory, io.env), io.directory)}\n`)
    default:
      command satisfies never
  }
}

async function serve(
  { name, notes: path, readOnly }: Extract<Command, { readOnly: boolean; name: 'stdio' | 'serve' }>,
  io: Io,
) {
  const tell = (line: string) => note(io, line)
  const env = loadEnv(io.directory, io.env)
  const notes = await Notes.open(path)
  // Read before the first call asks for it. A failure is told to the call that meets it.
  void notes.list({ signal: io.signal }).catch(() => {})
  const report = (error: unknown) =>
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const tracing = await startTracing({ env, serviceName: 'notes-mcp', tell })
  try {
    const options = { notes, readOnly, report }
    await (name === 'stdio' ? serveOverStdio(options, io) : serveOverHttp(options, env, io))
  } finally {
    await tracing.close()
  }
}

async function search({ notes: path, query }: Extract<Command, { name: 'search' }>, io: Io): Promise<void> {
  const notes = await Notes.open(path)
  const { hits, total } = await notes.search(query, 5, { signal: io.signal })
  const passages = hits.map(
    ({ chunk }) => `${[chunk.document, chunk.title, ...chunk.headings].join(' > ')}\n${chunk.text}\n`,
  )
  await write(io.stdout, printableText(passages.join('\n')))
  note(io, `${hits.length} passages of ${total} notes`)
}
