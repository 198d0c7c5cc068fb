import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { type Io, note } from '#kit/console/process'
import { OpenCalls } from '#kit/mcp/open-calls'
import { filterMessages } from '#kit/mcp/stdio-lines'
import { createServer, type ServerOptions } from './server.ts'

/**
 * Serves the client that started this process, until it closes standard input or `io.signal` aborts. Calls that
 * arrived before the input closed are answered first: a client in a shell pipe closes it right after them.
 */
export async function serveOverStdio(options: ServerOptions, io: Io): Promise<void> {
  const calls = new OpenCalls()
  const output = reserveOutput(io, (line) => calls.answer(line))
  const messages = io.stdin.pipe(filterMessages((answer) => output.write(answer)))
  messages.on('data', (line: Buffer) => calls.receive(line.toString('utf8')))
  // The transport drops calls in progress when its input ends, so this one stays open until they are answered.
  const input = messages.pipe(new PassThrough(), { end: false })
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
    await once(messages, 'close', { signal: io.signal })
    await calls.settle(io.signal)
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
function reserveOutput({ stdout, stderr }: Io, onWritten: (text: string) => void): Writable {
  const write = stdout.write.bind(stdout)
  Object.assign(stdout, { write: stderr.write.bind(stderr) })
  return new Writable({
    write: (chunk: Buffer, encoding, done) =>
      void write(chunk, encoding, (error) => {
        onWritten(chunk.toString('utf8'))
        done(error)
      }),
  })
}
