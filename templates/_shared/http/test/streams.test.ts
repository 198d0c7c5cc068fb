import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { App } from '#kit/http/app'
import { createEventStream, type ServerEvent } from '#kit/http/sse'
import { send, startServer, type TestServer, type TestServerOptions } from './app.ts'

interface Streaming extends TestServerOptions {
  events: (signal: AbortSignal) => AsyncGenerator<ServerEvent>
  heartbeatMs?: number
  stallMs?: number
  timeoutMs?: number
}

/** Starts a server with one stream at /stream. */
function streaming({
  events,
  timeoutMs = 60_000,
  heartbeatMs,
  stallMs,
  ...options
}: Streaming): Promise<TestServer> {
  const limits = { ...(heartbeatMs && { heartbeatMs }), ...(stallMs && { stallMs }) }
  const routes = ({ routes, inFlight }: App) =>
    routes.get('/stream', (c) => {
      const scope = inFlight.begin(c.req.raw.signal, timeoutMs)
      const onStall = () => c.env.outgoing.destroy()
      const stream = createEventStream(events(scope.signal), { onStall, onEnd: scope.end, ...limits })
      return c.newResponse(stream, 200, {
        'content-type': 'text/event-stream',
        'transfer-encoding': 'chunked',
      })
    })
  return startServer({ ...options, routes })
}

const get = ({ port }: TestServer) => send(port, { path: '/stream', headers: { host: `localhost:${port}` } })

/** Opens the stream, and resolves to its connection once the first bytes have arrived. */
function open({ port }: TestServer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', reject).once('data', () => resolve(socket))
    socket.write(`GET /stream HTTP/1.1\r\nhost: localhost:${port}\r\n\r\n`)
  })
}

const tick = (number: number): ServerEvent => ({ event: 'tick', data: { number } })

/** Ticks until the signal aborts, then yields the reason. */
async function* ticking(signal: AbortSignal, everyMs = 5): AsyncGenerator<ServerEvent> {
  for (let number = 0; !signal.aborted; number++) {
    yield tick(number)
    await sleep(everyMs)
  }
  const { message } = signal.reason as Error
  yield { event: 'error', data: { message } }
}

describe('a stream', { timeout: 30_000 }, () => {
  it('has one event after the other, each on a separate line', async () => {
    const server = await streaming({
      async *events() {
        yield tick(1)
        yield { event: 'text', data: 'two\nlines, ünï \u2028' }
      },
    })
    const { status, body } = await get(server)
    expect(status).toBe(200)
    expect(body).toBe('event: tick\ndata: {"number":1}\n\nevent: text\ndata: "two\\nlines, ünï \u2028"\n\n')
    expect(server.app.inFlight.size).toBe(0)
  })

  it('breathes while nothing happens', async () => {
    const server = await streaming({
      heartbeatMs: 50,
      async *events() {
        await sleep(180)
        yield tick(1)
      },
    })
    const { body } = await get(server)
    expect(body.split(': keep-alive\n\n').length).toBeGreaterThan(2)
    expect(body).toMatch(/event: tick\ndata: {"number":1}\n\n$/)
  })

  it('is stopped within 100 ms of its reader leaving', async () => {
    let left = 0
    let stoppedAt = 0
    const server = await streaming({
      async *events(signal) {
        signal.addEventListener('abort', () => {
          stoppedAt = performance.now()
        })
        yield* ticking(signal)
      },
    })
    const socket = await open(server)
    left = performance.now()
    socket.destroy()
    await expect.poll(() => stoppedAt).toBeGreaterThan(0)
    expect(stoppedAt - left).toBeLessThan(100)
    await expect.poll(() => server.app.inFlight.size).toBe(0)
    expect(server.logged).toContainEqual(expect.objectContaining({ route: '/stream', complete: false }))
  })

  it('ends with the reason when its time is up', async () => {
    const server = await streaming({ events: (signal) => ticking(signal), timeoutMs: 100 })
    expect((await get(server)).body).toMatch(/event: error\ndata: {"message":"No answer within 0.1 s"}\n\n$/)
  })

  it('makes no more than its reader takes, and is closed when that one reads nothing any more', async () => {
    let made = 0
    let hasReturned = false
    const server = await streaming({
      stallMs: 300,
      async *events() {
        try {
          for (;;) yield { event: 'big', data: `${made++}${'x'.repeat(10_000)}` }
        } finally {
          hasReturned = true
        }
      },
    })
    const socket = await open(server)
    socket.pause()
    await sleep(250)
    const madeSoFar = made
    await expect.poll(() => hasReturned, { timeout: 5_000 }).toBe(true)
    // The buffers of both ends hold megabytes; a loop without backpressure would produce gigabytes.
    expect(made).toBeLessThan(2_000)
    expect(made - madeSoFar).toBeLessThan(50)
    expect(server.app.inFlight.size).toBe(0)
    socket.destroy()
  })

  it('leaves nothing behind, a thousand times', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const server = await streaming({ events: (signal) => ticking(signal) })
    const connections = () =>
      new Promise<number>((resolve) =>
        server.app.inFlight.settled(2_000).then(() => resolve(server.app.inFlight.size)),
      )
    const comeAndGo = async (times: number) => {
      for (let round = 0; round < times / 10; round++) {
        const sockets = await Promise.all(Array.from({ length: 10 }, () => open(server)))
        for (const socket of sockets) socket.destroy()
      }
      await expect.poll(connections).toBe(0)
      collect()
      await sleep(50)
      collect()
      return process.memoryUsage().heapUsed
    }
    await comeAndGo(200)
    const before = await comeAndGo(100)
    const handles = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length
    const after = await comeAndGo(1_000)
    expect(after - before).toBeLessThan(2 * 1024 * 1024)
    expect(
      process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length,
    ).toBeLessThanOrEqual(handles)
  })
})

describe('a server that is told to stop', { timeout: 30_000 }, () => {
  /** Ends normally once `released` resolves, or with an error event when the signal aborts. */
  async function* until(signal: AbortSignal, released: Promise<void>): AsyncGenerator<ServerEvent> {
    yield tick(0)
    const aborted = new Promise<Error>((resolve) =>
      signal.addEventListener('abort', () => resolve(signal.reason)),
    )
    const reason = await Promise.race([released.then(() => undefined), aborted])
    yield reason ? { event: 'error', data: { message: reason.message } } : { event: 'done', data: {} }
  }

  it('lets what it answers end, and takes nothing new', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const server = await streaming({
      events: (signal) => until(signal, released),
      limits: { graceMs: 5_000 },
    })
    const streams = Array.from({ length: 5 }, () => get(server))
    await expect.poll(() => server.app.inFlight.size).toBe(5)
    const stopped = server.stop()
    expect(await get(server)).toMatchObject({ status: 503 })
    const tryAgain = () =>
      get(server).then(
        ({ status }) => status,
        ({ code }) => code,
      )
    await expect.poll(tryAgain, { timeout: 5_000 }).toBe('ECONNREFUSED')
    release()
    for (const { body } of await Promise.all(streams)) expect(body).toMatch(/event: done\ndata: {}\n\n$/)
    await stopped
    expect(server.logged.at(-1)).toMatchObject({ event: 'stopped' })
  })

  it('refuses what comes over a connection that it has already', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const server = await streaming({
      events: (signal) => until(signal, released),
      limits: { graceMs: 5_000 },
    })
    const socket = await open(server)
    const stopped = server.stop()
    let received = ''
    socket.setEncoding('utf8').on('data', (data) => {
      received += data
    })
    socket.write(`GET /stream HTTP/1.1\r\nhost: localhost:${server.port}\r\n\r\n`)
    release()
    await stopped
    await expect.poll(() => socket.closed || socket.readableEnded).toBe(true)
    expect(received.match(/HTTP\/1\.1 \d+/g) ?? []).not.toContain('HTTP/1.1 200')
  })

  it('ends with a reason what takes longer than its grace', async () => {
    const server = await streaming({
      events: (signal) => until(signal, new Promise(() => {})),
      limits: { graceMs: 100 },
    })
    const stream = get(server)
    await expect.poll(() => server.app.inFlight.size).toBe(1)
    const startedAt = performance.now()
    await server.stop()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect((await stream).body).toMatch(/event: error\ndata: {"message":"This server is shutting down"}\n\n$/)
  })

  it('does not wait for one who reads nothing', async () => {
    const server = await streaming({ events: () => endless(), limits: { graceMs: 100 } })
    const socket = await open(server)
    socket.pause()
    const startedAt = performance.now()
    await server.stop()
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    socket.destroy()
  })

  async function* endless(): AsyncGenerator<ServerEvent> {
    for (;;) yield { event: 'big', data: 'x'.repeat(10_000) }
  }
})

describe('a request with HEAD', () => {
  it('ends the stream that it does not read, and keeps no process', async () => {
    let hasEnded = false
    async function* events(signal: AbortSignal) {
      try {
        yield* ticking(signal)
      } finally {
        hasEnded = true
      }
    }
    const server = await streaming({ events })
    const { status, body } = await send(server.port, { method: 'HEAD', path: '/stream' })
    expect([status, body]).toEqual([200, ''])
    expect(server.app.inFlight.size).toBe(0)
    await send(server.port, { method: 'HEAD', path: '/healthz' })
    expect(hasEnded).toBe(false) // it never began
  })
})

describe('a server that stops', () => {
  it('answers what was sent before, also what it has not read yet', async () => {
    const server = await streaming({ events: ticking, limits: { lingerMs: 2_000 } })
    const sockets = await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<Socket>((resolve, reject) => {
            const socket: Socket = connect(server.port, '127.0.0.1', () => resolve(socket)).on(
              'error',
              reject,
            )
          }),
      ),
    )
    const answers = sockets.map(
      (socket) =>
        new Promise<string>((resolve, reject) => {
          socket.on('error', reject).once('data', (data) => resolve(String(data).slice(0, 12)))
          socket.write(`GET /nothing HTTP/1.1\r\nhost: localhost:${server.port}\r\n\r\n`)
        }),
    )
    const stopped = server.stop()
    expect([...new Set(await Promise.all(answers))]).toEqual(['HTTP/1.1 503'])
    await stopped
  })
})

describe('a client that leaves in the middle of its body', () => {
  it('is neither a failure nor a success', async () => {
    const routes = ({ routes }: App) => routes.post('/read', async (c) => c.json(await c.req.json()))
    const server = await startServer({ routes })
    const socket = connect(server.port, '127.0.0.1')
    const head = `POST /read HTTP/1.1\r\nhost: localhost:${server.port}\r\ncontent-type: application/json\r\n`
    socket.write(`${head}content-length: 100\r\n\r\n{"q`)
    await sleep(50)
    socket.destroy()
    await expect
      .poll(() => server.logged)
      .toContainEqual(expect.objectContaining({ event: 'request', route: '/read', status: 499 }))
    expect(server.logged.filter(({ event }) => event === 'failure')).toEqual([])
  })
})
