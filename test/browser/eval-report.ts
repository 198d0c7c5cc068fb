import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const REPO = resolve(import.meta.dirname, '../..')
const PROJECT = join(REPO, '.composed/eval-suite')

/** Builds the eval suite as it is composed in this repo. */
export function buildEvalSuite(): void {
  const [tsc, config] = [join(REPO, 'node_modules/typescript/bin/tsc'), join(PROJECT, 'tsconfig.build.json')]
  execFileSync(process.execPath, [tsc, '-p', config, '--preserveSymlinks'])
}

const RENDER = `import { text } from 'node:stream/consumers'
const { renderHtml } = await import(process.argv[1])
const { report, baseline, history } = JSON.parse(await text(process.stdin))
process.stdout.write(renderHtml(report, baseline, history))`

/** The page of a report, as the suite writes it. */
export function pageOf(report: object, baseline: object | null, history: readonly object[]): string {
  const module = pathToFileURL(join(PROJECT, 'dist/kit/report/page.js')).href
  const args = ['--preserve-symlinks', '--input-type=module', '-e', RENDER, module]
  const input = JSON.stringify({ report, baseline, history })
  return execFileSync(process.execPath, args, {
    input,
    cwd: PROJECT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
}

/** The page on loopback, until `close`. */
export async function servePage(page: string): Promise<{ origin: string; close(): void }> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.statusCode = request.url === '/' ? 200 : 404
    response.end(request.url === '/' ? page : '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() }
}

const HASH = '0'.repeat(64)
const provider = { name: 'openai-compatible', model: 'scripted', deterministic: false }
const usage = { inputTokens: 210, outputTokens: 40, costUsd: 0.0004 }

export interface Written {
  id: string
  outcome?: 'pass' | 'fail' | 'error'
  score?: number | null
  tags?: string[]
  /** In every field that a model or a case writes. */
  text?: string
}

function caseOf({ id, outcome = 'pass', score = outcome === 'pass' ? 1 : 0.5, tags = [], text }: Written) {
  const said = text ?? 'The proof of address must be no older than three months [1].'
  const grades = [
    {
      grader: text ?? 'facts',
      pass: outcome === 'pass',
      score: score ?? 0,
      reason: text ?? '1 of 1 facts kept',
    },
  ]
  return {
    ...{ id, caseHash: HASH, critical: false, tags: text ? [text] : tags, outcome, score },
    ...{ grades: outcome === 'error' ? [] : grades, output: said, error: outcome === 'error' ? said : null },
    ...{ latencyMs: 230, usage, input: text ?? 'How old may it be?', expected: text ?? 'Three months.' },
  }
}

/** A report of such cases against a baseline in which all of them passed. */
export function reportOf(written: readonly Written[], text = 'membership') {
  const cases = written.map(caseOf)
  const passed = cases.filter(({ outcome }) => outcome === 'pass').length
  const lost = cases.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)
  const summary = {
    ...{ total: cases.length, passed, failed: lost.length, errors: cases.length - passed - lost.length },
    ...{ passRate: passed / cases.length, wilson95: [0.5, 0.9], meanScore: 0.8, costUsd: 0.008 },
    ...{ p50LatencyMs: 230, p95LatencyMs: 400 },
  }
  const gate = {
    ...{
      verdict: 'regression',
      exitCode: 1,
      reasons: [text],
      notes: [text],
      gained: [],
      lost,
      unblessed: [],
    },
    ...{ baseline: { provider: 'x', model: 'x', passed, total: cases.length, meanScore: 0.9 } },
    delta: { paired: cases.length, passed: -lost.length, meanScore: -0.1 },
  }
  const report = {
    ...{ schema: 'eval-report.v1', name: text, startedAt: '2026-11-28T20:20:11.000Z', durationMs: 8200 },
    ...{ commit: null, dirty: null, provider, cases, summary, gate },
    hashes: { cases: HASH, graders: HASH, prompts: HASH, harness: HASH },
  }
  const before = cases.map(({ id }) => ({ id, caseHash: HASH, outcome: 'pass', score: 1 }))
  const baseline = {
    schema: 'eval-baseline.v1',
    provider,
    hashes: { graders: HASH, prompts: HASH, harness: HASH },
    cases: before,
  }
  const history = Array.from({ length: 5 }, (_, index) => ({
    ...{
      at: `2026-11-1${index}T10:00:00.000Z`,
      commit: null,
      suite: text,
      provider: provider.name,
      model: provider.model,
    },
    ...{
      passed: 10 + index,
      total: 20,
      meanScore: 0.7,
      p50LatencyMs: 300,
      costUsd: 0.01,
      reason: text,
      gained: [text],
    },
  }))
  return { report, baseline, history }
}
