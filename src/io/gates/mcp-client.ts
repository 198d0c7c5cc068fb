import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Sends one JSON-RPC message and, for a request, resolves to its result. Rejects with an Error that holds the
 * server's own message.
 */
export interface McpConnection {
  request(method: string, params: object): Promise<unknown>
  notify(method: string): Promise<void>
  close(): void
}

const LONGEST_LINE = 1_000_000

/**
 * Starts a server and exchanges one message per line on its standard input and output, as MCP's stdio
 * transport requires. Throws nothing itself; requests reject when the server ends, times out or prints other
 * output.
 */
export function connectStdio(argv: readonly string[], directory: string, signal: AbortSignal): McpConnection {
  const [program = '', ...args] = argv
  const child = spawn(program, args, {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: process.platform !== 'win32',
  })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let failure: Error | undefined
  const fail = (error: Error) => {
    failure ??= error
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  child.on('error', (error) =>
    fail(Object.assign(new Error(`it cannot be started: ${error.message}`), { code: 'not-started' })),
  )
  child.on('exit', (code, by) => fail(new Error(`the server ended (${by ?? code})`)))
  child.stdin?.on('error', (error) => fail(error))
  signal.addEventListener('abort', () => fail(new Error('no answer in time')))
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const message = parseMessage(line)
    if (!message)
      return fail(
        new Error(`standard output carries ${JSON.stringify(line.slice(0, 60))}, which is not JSON-RPC`),
      )
    settle(message, waiting)
  })
  let next = 0
  const send = (message: object) => {
    if (failure) throw failure
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
  return {
    async request(method, params) {
      const id = ++next
      const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
      send({ id, method, params })
      return answer
    },
    async notify(method) {
      send({ method })
    },
    close: () => killGroup(child),
  }
}

interface Message {
  id?: unknown
  result?: unknown
  error?: { message?: unknown }
}

function parseMessage(line: string): Message | undefined {
  try {
    const value: unknown = line.length > LONGEST_LINE ? undefined : JSON.parse(line)
    return typeof value === 'object' && value !== null && 'jsonrpc' in value ? (value as Message) : undefined
  } catch {
    return undefined // the caller reports the line
  }
}

/** Does not answer the server's requests and notifications: the client declared no capabilities. */
function settle(
  message: Message,
  waiting: Map<number, { resolve(value: unknown): void; reject(error: Error): void }>,
): void {
  const own = typeof message.id === 'number' ? waiting.get(message.id) : undefined
  if (!own || !('result' in message || 'error' in message)) return
  waiting.delete(message.id as number)
  if (message.error) own.reject(new Error(String(message.error.message)))
  else own.resolve(message.result)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Streamable HTTP: sends each message as a POST; the answer is JSON or an event stream. Requests reject for
 * an HTTP error or an answer that is not JSON-RPC.
 */
export function connectHttp(url: string, fetching: typeof fetch, signal: AbortSignal): McpConnection {
  let session: string | undefined
  let next = 0
  const post = async (message: object): Promise<string> => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
      ...(session && { 'mcp-session-id': session }),
    }
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    const answer = await fetching(url, { method: 'POST', headers, body, signal, redirect: 'error' })
    session = answer.headers.get('mcp-session-id') ?? session
    if (!answer.ok) throw new Error(`it answers ${answer.status}`)
    return answer.text()
  }
  return {
    async request(method, params) {
      const id = ++next
      const text = await post({ id, method, params })
      const lines = text.split('\n').map((line) => line.replace(/^data: ?/, ''))
      const message = [text, ...lines].map(parseMessage).find((one) => one?.id === id)
      if (!message) throw new Error('the answer is not JSON-RPC')
      if (message.error) throw new Error(String(message.error.message))
      return message.result
    },
    async notify(method) {
      await post({ method })
    },
    close: () => undefined,
  }
}
