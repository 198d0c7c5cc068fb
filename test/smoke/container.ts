import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { run } from '../packed/generated.ts'
import { type Image, place } from './image.ts'

export interface Container {
  url: string
  child: ChildProcess
  output: () => string
  /** Runs the image's own health check: true when that exits with 0. */
  isHealthy: () => Promise<boolean>
  /** What `docker stop` does first. Resolves with the exit code. */
  stop: () => Promise<number | null>
}

/** Starts an image's command with its settings, on a port of loopback that is free. */
export async function startContainer(image: Image, env: NodeJS.ProcessEnv): Promise<Container> {
  const port = await freePort()
  const cwd = place(image, '.')
  const settings = { ...env, ...image.env, HOST: '127.0.0.1', PORT: String(port) }
  const [program = '', ...args] = image.cmd
  const child = spawn(program, args, { cwd, env: settings, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    output: () => output,
    isHealthy: async () => {
      const [check = '', ...words] = image.healthcheck
      return (await run(check, words, cwd, settings)).code === 0
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = await ended
      return code
    },
  }
}

/** Asks again and again until the container is healthy. Throws, with what it printed, when it ends before that or never is. */
export async function untilHealthy(container: Container, tries = 100): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt++) {
    if (await container.isHealthy()) return
    if (container.child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(
    `the container is not healthy (exit code ${container.child.exitCode})\n${container.output()}`,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
