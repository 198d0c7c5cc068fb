import { once } from 'node:events'
import { Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { type Io, note } from '#kit/console/process'
import { filterMessages } from '#kit/mcp/stdio-lines'
import { createServer, type ServerOptions } from './server.ts'

/** Serves the client that started this process, until it closes standard input or `io.signal` aborts. */
export async function serveOverStdio(options: ServerOptions, io: Io): Promise<void> {
  const output = reserveOutput(io)
  const input = io.stdin.pipe(filterMessages((answer) => output.write(answer)))
  const handle = serveStdio(
    () => {
      const server = createServer(options)
      const notify = () => server.sendResourceListChanged()
      options.notes.onAdded.add(notify)
      server.server.onclose = () => options.notes.onAdded.delete(notify)
      return server
    },
    {
      transport: new StdioServerTransport(input, output),
      onerror: (error) => note(io, `protocol: ${error.message}`),
    },
  )
  try {
    await once(input, 'close', { signal: io.signal })
  } finally {
    await handle.close()
    io.stdin.destroy()
  }
}

/**
 * Takes standard output over for the protocol: one foreign word on it, and the client disconnects. Only the
 * returned stream writes there; a forgotten `console.log` or a chatty package writes to standard error
 * instead.
 */
function reserveOutput({ stdout, stderr }: Io): Writable {
  const write = stdout.write.bind(stdout)
  Object.assign(stdout, { write: stderr.write.bind(stderr) })
  return new Writable({
    write: (chunk: Buffer, encoding, done) => void write(chunk, encoding, (error) => done(error)),
  })
}
