import { issueToken } from '#kit/auth/issue'
import { loadEnv } from '#kit/console/env'
import { toPrintable } from '#kit/console/printable'
import { type Io, note, runMain, write } from '#kit/console/process'
import { renderClientConfigurations } from '#kit/mcp/connect'
import { type Command, parseServerCommand, renderServerHelp } from '#kit/mcp/options'
import { startTracing } from '#kit/otel/start'
import { SCOPES, SERVER } from './about.ts'
import { Notes } from './notes/notes.ts'
import { serveOverStdio } from './stdio.ts'
import { renderPassage } from './tools/passage.ts'
import { serveOverHttp } from './web/serve.ts'

await runMain(run)

/** Runs one command. Standard output carries its result and nothing else. */
async function run(args: readonly string[], io: Io): Promise<void> {
  const command = parseServerCommand(args, SCOPES)
  switch (command.name) {
    case 'help':
      return write(io.stdout, renderServerHelp(SCOPES))
    case 'stdio':
    case 'serve':
      return serve(command, io)
    case 'search':
      return search(command, io)
    case 'connect':
      return write(
        io.stdout,
        renderClientConfigurations({ ...command, server: SERVER.name, directory: io.directory }),
      )
    case 'token':
      return write(io.stdout, `${await issueToken(command, loadEnv(io.directory, io.env), io.directory)}\n`)
    default:
      command satisfies never
  }
}

async function serve(
  { name, notes: path, readOnly }: Extract<Command, { name: 'stdio' | 'serve' }>,
  io: Io,
): Promise<void> {
  const tell = (line: string) => note(io, line)
  const env = loadEnv(io.directory, io.env)
  const notes = await Notes.open(path)
  // Index before the first call needs it. If this fails, that call fails too and reports it.
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
  const passages = hits.map(({ chunk }) => `${renderPassage({ ...chunk, name: chunk.document })}\n`)
  await write(io.stdout, toPrintable(passages.join('\n')))
  note(io, `${hits.length} ${hits.length === 1 ? 'passage' : 'passages'} from ${total} notes`)
}
