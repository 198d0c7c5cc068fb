import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'

/**
 * Serves PGlite over PostgreSQL's wire protocol on a loopback port, for tests of clients. All connections
 * share one session, so one that is in a transaction keeps the others waiting.
 */
export async function serveWire(pglite: PGlite): Promise<{ url: string; close: () => Promise<void> }> {
  const turn = oneAtATime()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    serve(socket, pglite, turn).catch((error) => socket.destroy(error))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}

type Turn = () => Promise<() => void>

/** Gives the session to one caller at a time: the next one waits until it is given back. */
function oneAtATime(): Turn {
  let last = Promise.resolve()
  return async () => {
    const before = last
    const { promise, resolve } = deferred()
    last = promise
    await before
    return resolve
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const SSL_REQUEST = 80_877_103
const QUERY = 0x51
const SYNC = 0x53
const TERMINATE = 0x58
const IDLE = 0x49

async function serve(socket: Socket, pglite: PGlite, turn: Turn): Promise<void> {
  let giveBack: (() => void) | undefined
  let pending: Buffer[] = []
  try {
    for await (const message of messagesOf(socket)) {
      if (message[0] === TERMINATE) break
      pending.push(message)
      if (message[0] !== QUERY && message[0] !== SYNC) continue
      giveBack ??= await turn()
      const answer = await pglite.execProtocolRaw(Buffer.concat(pending))
      pending = []
      socket.write(answer)
      // Every answer ends with ReadyForQuery, whose last byte is the state of the transaction.
      if (answer.at(-1) !== IDLE) continue
      giveBack()
      giveBack = undefined
    }
  } finally {
    if (giveBack) await pglite.exec('rollback')
    giveBack?.()
    socket.end()
  }
}

/** Answers the start-up message, then yields whole messages. */
async function* messagesOf(socket: Socket): AsyncGenerator<Buffer> {
  let buffer = Buffer.alloc(0)
  let started = false
  for await (const data of socket) {
    buffer = Buffer.concat([buffer, data])
    for (;;) {
      const typed = started ? 1 : 0
      if (buffer.length < typed + 4) break
      const length = typed + buffer.readUInt32BE(typed)
      if (buffer.length < length) break
      const message = buffer.subarray(0, length)
      buffer = buffer.subarray(length)
      if (started) yield message
      else if (message.readUInt32BE(4) === SSL_REQUEST) socket.write('N')
      else {
        started = true
        socket.write(Buffer.from([...WELCOME]))
      }
    }
  }
}

/** AuthenticationOk, then ReadyForQuery. */
const WELCOME = [0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, IDLE]
