import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { table } from '../table.ts'

const CONNECTIONS = [1, 10, 50]
/** Of each kind at each number of connections. */
const REQUESTS = 400

/**
 * A generated bot's server under load, without a key: `/api/search` whole, and `/api/ask` to its first event and to its first words. Every connection asks again as soon as it has its
 * answer. More questions at once than the server answers wait in its queue, and past that are told that it is busy: those are counted and not timed.
 */
export async function load(project: string, questions: readonly string[]): Promise<string> {
  const server = await start(project)
  try {
    const rows: string[][] = []
    for (const connections of CONNECTIONS) {
      await run(connections, 50, (index) => search(server.url, question(questions, index)))
      const searches = await run(connections, REQUESTS, (index) =>
        search(server.url, question(questions, index)),
      )
      const answers = await run(connections, REQUESTS, (index) => ask(server.url, question(questions, index)))
      rows.push([
        String(connections),
        percentiles(searches.flatMap((times) => times?.end ?? [])),
        percentiles(answers.flatMap((times) => times?.firstEvent ?? [])),
        percentiles(answers.flatMap((times) => times?.firstWords ?? [])),
        String(answers.filter((times) => times === null).length),
      ])
    }
    const header = ['connections', '/api/search', 'first event', 'first words', 'of 400 told to wait']
    return table(header, rows)
  } finally {
    server.child.kill('SIGTERM')
    await once(server.child, 'exit')
  }
}

const question = (questions: readonly string[], index: number) => questions[index % questions.length] ?? ''

/** Milliseconds since the request. */
interface Times {
  firstEvent: number
  firstWords: number
  end: number
}

async function start(project: string): Promise<{ url: string; child: ChildProcess }> {
  const args = ['dist/src/main.js', 'serve', '--docs', 'docs-sample']
  const env = { PATH: process.env['PATH'], PORT: '0', RATE_LIMIT: '1000000' }
  const child = spawn(process.execPath, args, { cwd: project, env })
  let said = ''
  for await (const chunk of child.stderr) {
    said += chunk
    const url = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
    if (url === undefined) continue
    return { url, child }
  }
  throw new Error(`the server ended\n${said}`)
}

/** null: told that the server is busy. */
async function run(
  connections: number,
  requests: number,
  request: (index: number) => Promise<Times | null>,
): Promise<(Times | null)[]> {
  const results: (Times | null)[] = []
  let next = 0
  const connection = async () => {
    while (next < requests) results.push(await request(next++))
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return results
}

async function search(url: string, q: string): Promise<Times> {
  const startedAt = performance.now()
  const response = await fetch(`${url}/api/search?${new URLSearchParams({ q })}`)
  if (!response.ok) throw new Error(`search: ${response.status}`)
  await response.json()
  const end = performance.now() - startedAt
  return { firstEvent: end, firstWords: end, end }
}

async function ask(url: string, text: string): Promise<Times | null> {
  const startedAt = performance.now()
  const response = await fetch(`${url}/api/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question: text }),
  })
  if (response.status === 503) {
    await response.text()
    return null
  }
  if (!response.ok || !response.body) throw new Error(`ask: ${response.status}`)
  const times = { firstEvent: 0, firstWords: 0, end: 0 }
  let read = ''
  for await (const bytes of response.body) {
    read += Buffer.from(bytes).toString()
    const now = performance.now() - startedAt
    if (times.firstEvent === 0 && read.includes('event: ')) times.firstEvent = now
    if (times.firstWords === 0 && read.includes('event: delta')) times.firstWords = now
  }
  if (!read.includes('event: done')) throw new Error('an answer has no end')
  return { ...times, end: performance.now() - startedAt }
}

function percentiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)
  return [0.5, 0.95, 0.99].map(at).join(' / ')
}
