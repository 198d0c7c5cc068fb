import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'

const REPO = resolve(import.meta.dirname, '../..')
const PROJECT = join(REPO, '.composed/rag-bot')
export const DOCS_SAMPLE = join(REPO, 'templates/rag-bot/files/docs-sample')

/** Builds the RAG bot as it is composed in this repo. */
export function buildBot(): void {
  const [tsc, config] = [join(REPO, 'node_modules/typescript/bin/tsc'), join(PROJECT, 'tsconfig.build.json')]
  execFileSync(process.execPath, [tsc, '-p', config, '--preserveSymlinks'])
}

export interface Served {
  url: string
  /** Resolves with the exit code. */
  stop(): Promise<number | null>
}

/** Its own server over a folder, on any port of loopback. Without settings of a provider the heuristic one answers. */
export async function serveBot(docs: string, env: Record<string, string> = {}): Promise<Served> {
  const args = [
    '--preserve-symlinks',
    '--preserve-symlinks-main',
    'dist/src/main.js',
    'serve',
    '--docs',
    docs,
  ]
  const child = spawn(process.execPath, args, {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], PORT: '0', RATE_LIMIT: '1000', ...env },
  })
  const exited = once(child, 'exit')
  let said = ''
  const url = await new Promise<string>((found, failed) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const address = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
      if (address) found(address)
    })
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}\n${said}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const [code] = await exited
    return code
  }
  return { url, stop }
}
