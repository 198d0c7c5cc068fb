import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import type { Env } from '#kit/console/env'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import { createHttpTarget } from './http.ts'
import { type SpecOf, targetSpec } from './spec.ts'
import type { Target } from './target.ts'

/** Of `.ai-eng/project.json`, what is needed to evaluate the repo. */
const projectFile = z.object({
  template: z.string(),
  target: z.object({
    start: z.array(z.string()).min(1),
    url: z.url(),
    path: z.string(),
    format: z.enum(['json', 'sse', 'ask-sse.v1']),
  }),
})
export type Project = z.infer<typeof projectFile>

/** Throws `CannotRunError` for a directory that is no generated repo, or one that serves nothing. */
export async function readProject(root: string, directory: string): Promise<Project> {
  const file = join(directory, '.ai-eng/project.json')
  try {
    return projectFile.parse(JSON.parse(await readFile(resolve(root, file), 'utf8')))
  } catch (error) {
    const problem = `${file} does not say how to start and ask it: ${toErrorMessage(error)}`
    throw new CannotRunError(problem, 'Name the directory of a generated repo that serves something', 2)
  }
}

interface ProjectSurroundings {
  root: string
  env: Env
  signal: AbortSignal
  note(line: string): void
}

/** Starts the repo on a port that is free, waits until it is ready, and stops it on `close`. */
export async function startProjectTarget(
  spec: SpecOf<'project'>,
  world: ProjectSurroundings,
): Promise<Target> {
  const { target } = await readProject(world.root, spec.directory)
  const url = new URL(target.url)
  url.port = String(await findFreePort(url.hostname))
  world.note(`starting ${spec.directory}: ${target.start.join(' ')}`)
  const server = startSupervised(target.start, {
    cwd: resolve(world.root, spec.directory),
    // Our servers rate-limit clients; an eval run must not be limited.
    env: { ...process.env, RATE_LIMIT: '1000000', ...spec.env, PORT: url.port },
  })
  try {
    const commit = await waitUntilReady(url, server, { ms: spec.startSeconds * 1000, signal: world.signal })
    const asked = { type: 'http', url: new URL(target.path, url).href, format: target.format }
    const http = targetSpec.parse(asked)
    if (http.type !== 'http') throw new Error('not a server')
    world.note(`${spec.directory} is ready${commit === null ? '' : `, commit ${commit.slice(0, 7)}`}`)
    // No version: the commit does not cover uncommitted changes.
    return { ...createHttpTarget(http, world.env), close: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}

interface ProjectServer {
  /** Rejects when the program ends by itself. */
  ended: Promise<never>
  /** Its last line on standard error. */
  lastWords(): string
  stop(): Promise<void>
}

function startSupervised(
  command: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): ProjectServer {
  const supervisor = fileURLToPath(new URL('./supervise.js', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [supervisor, ...command], {
    ...options,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      if (line.trim() !== '') said = line.trim().slice(0, 300)
    })
  }
  child.stdin?.on('error', () => {})
  const exit = once(child, 'exit')
  const ended = exit.then(([code]) => {
    throw new CannotRunError(
      `the target ended by itself (exit code ${code}): ${said}`,
      `Try it by hand in ${options.cwd}: ${command.join(' ')}`,
    )
  })
  ended.catch(() => {})
  return {
    ended,
    lastWords: () => said,
    async stop() {
      child.stdin?.end()
      await exit
    },
  }
}

/**
 * Waits for `/readyz` and returns the commit that `/healthz` reports. Throws `CannotRunError` when it takes
 * too long.
 */
async function waitUntilReady(
  url: URL,
  server: ProjectServer,
  { ms, signal }: { ms: number; signal: AbortSignal },
): Promise<string | null> {
  const until = Date.now() + ms
  const probe = async () => {
    let status = 'nothing answers'
    while (Date.now() < until) {
      signal.throwIfAborted()
      const ready = await fetchStatus(new URL('/readyz', url), signal)
      if (ready === 200 || ready === 404) return fetchCommit(url, signal)
      if (ready !== undefined) status = `/readyz answers ${ready}`
      await wait(100, undefined, { signal })
    }
    throw new CannotRunError(
      `the target is not ready after ${ms / 1000} s (${status}): ${server.lastWords()}`,
      'A rag-bot needs an index first. In its directory: npm run ingest -- PATH',
    )
  }
  return Promise.race([probe(), server.ended])
}

async function fetchStatus(url: URL, signal: AbortSignal): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) })
    await response.body?.cancel()
    return response.status
  } catch {
    // Not listening yet.
    return undefined
  }
}

async function fetchCommit(url: URL, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(new URL('/healthz', url), { signal })
  const health = z
    .object({ commit: z.string().nullable() })
    .safeParse(await response.json().catch(() => null))
  return health.data?.commit ?? null
}

async function findFreePort(host: string): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
