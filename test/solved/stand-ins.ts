import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export const STAND_INS = ['ci', 'deploy', 'pulls'] as const
type StandIn = (typeof STAND_INS)[number]

interface Server {
  url: string
  close: () => void
}

export async function serve(listener: RequestListener, port = 0): Promise<Server> {
  const server = createServer(listener)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/**
 * GitHub and the host of a deployed project, for the commit that is checked out in a directory: CI ran it and was green, the host runs it, and any pull request
 * was merged by somebody else. Those in `without` know nothing of it.
 */
export function startStandIns(
  directory: string,
  without: readonly StandIn[] = [],
  port = 0,
): Promise<Server> {
  const head = () => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: directory, encoding: 'utf8' }).trim()
  return serve((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const body = answerTo(path, { head, isThere: (name) => !without.includes(name) })
    response.statusCode = body ? 200 : 404
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(body ?? { message: 'Not Found' }))
  }, port)
}

interface Known {
  head: () => string
  isThere: (name: StandIn) => boolean
}

function answerTo(path: string, { head, isThere }: Known): object | undefined {
  const [, repository = '', rest = ''] = /^\/repos\/([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? []
  if (rest === 'actions/runs') return { workflow_runs: isThere('ci') ? [greenRun(repository, head())] : [] }
  if (rest === 'actions/runs/1' && isThere('ci')) return greenRun(repository, head())
  if (rest.startsWith('compare/')) return { status: 'ahead' }
  if (rest.startsWith('commits/')) return { sha: rest.slice('commits/'.length) }
  if (/^\/repos\/learner\/[^/]+$/.test(path)) return { full_name: path.slice('/repos/'.length) }
  if (rest === 'actions/runs/1/jobs') return { jobs: [{ name: 'check (20)', conclusion: 'success' }] }
  if (rest.startsWith('pulls/') && isThere('pulls'))
    return mergedPull(repository, rest.slice('pulls/'.length))
  if (path === '/healthz') return { status: 'ok', commit: isThere('deploy') ? head() : '0'.repeat(40) }
  return undefined
}

function greenRun(repository: string, sha: string): object {
  return {
    id: 1,
    path: '.github/workflows/ci.yml',
    head_sha: sha,
    status: 'completed',
    conclusion: 'success',
    html_url: `https://github.com/${repository}/actions/runs/1`,
    run_number: 1,
  }
}

function mergedPull(repository: string, number: string): object {
  return {
    html_url: `https://github.com/${repository}/pull/${number}`,
    title: 'Say which port is taken',
    state: 'closed',
    merged: true,
    user: { login: 'learner' },
    base: { repo: { full_name: repository, owner: { login: repository.split('/')[0] } } },
  }
}

/**
 * An OpenAI-compatible server whose model, called `scripted`, repeats the first words that it was given. It stands in for the smallest model that runs on
 * a laptop: no answer is good, every fifth is empty, and every seventh is cut off. The same question always gets the same answer.
 */
export function startScriptedModel(): Promise<Server> {
  return serve(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { messages, stream } = JSON.parse(body) as { messages: Message[]; stream?: boolean }
    const asked = messages.filter(({ role }) => role === 'user').at(-1)?.content ?? ''
    const text = textOf(asked)
    const content = text.length % 5 === 0 ? '' : text.split(/\s+/).slice(0, 90).join(' ')
    const finish = text.length % 7 === 0 ? 'length' : 'stop'
    if (stream) response.setHeader('content-type', 'text/event-stream').end(streamed(content, finish))
    else response.setHeader('content-type', 'application/json').end(whole(content, finish))
  })
}

interface Message {
  role: string
  content: string | { text?: string }[]
}

function textOf(content: Message['content']): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join(' ')
}

function whole(content: string, finish: string): string {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }]
  return JSON.stringify({ id: '1', object: 'chat.completion', created: 1, model: 'scripted', choices })
}

function streamed(content: string, end: string): string {
  const chunk = (delta: object, finish: string | null) => {
    const choices = [{ index: 0, delta, finish_reason: finish }]
    return `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'scripted', choices })}\n\n`
  }
  return `${chunk({ content }, null)}${chunk({}, end)}data: [DONE]\n\n`
}
