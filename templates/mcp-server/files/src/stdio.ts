import { once } from 'node:events'
import { Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { type Io, note } from '#kit/console/process'
import { createServer, type ServerOptions } from './server.ts'
import { messageLines } from './stdio-lines.ts'

/** Serves whoever started this process, until they close its input or it is told to stop. */
export async function serveOverStdio(options: ServerOptions, io: Io): Promise<void> {
  const output = reserveOutput(io)
  const input = io.stdin.pipe(messageLines((answer) => output.write(answer)))
  const handle = serveStdio(
    () => {
      const server = createServer(options)
      const tell = () => server.sendResourceListChanged()
      options.notes.onAdded.add(tell)
      server.server.onclose = () => options.notes.onAdded.delete(tell)
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
 * Standard output is the protocol's: one word of anybody else on it, and the client gives up. So only what this gives back writes there, and everything else that is
 * written to it, by a `console.log` that was forgotten or by a package, comes out on standard error.
 */
function reserveOutput({ stdout, stderr }: Io): Writable {
  const write = stdout.write.bind(stdout)
  Object.assign(stdout, { write: stderr.write.bind(stderr) })
  return new Writable({
    write: (chunk: Buffer, encoding, done) => void write(chunk, encoding, (error) => done(error)),
  })
}
