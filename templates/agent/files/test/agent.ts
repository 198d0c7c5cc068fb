import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Env } from '#kit/console/env'
import { openLlm } from '#kit/llm/model'
import { heuristicTasks } from '#kit/offline/next-step'
import { traceToolbox } from '#kit/otel/agent'
import { traceLlm } from '#kit/otel/chat'
import { makeRunId, RunLog } from '#kit/runs/log'
import { QUICK } from '#kit/testing/open-test-llm'
import { runAgent as runTraced } from '../src/agent.ts'
import { type Approve, approveMatching, denyAll } from '../src/approval/approve.ts'
import { type RunEvent, runEvent } from '../src/run/events.ts'
import { type Run, resumeRun, startRun } from '../src/run/run.ts'
import type { RunState } from '../src/run/state.ts'
import { DEFAULT_LIMITS, type Limits } from '../src/settings.ts'
import { createTools } from '../src/tools/all.ts'
import { Incident } from '../src/tools/incident.ts'
import type { AgentTool } from '../src/tools/tool.ts'
import { createToolbox } from '../src/tools/toolbox.ts'

export const FILES: Record<string, string> = {
  'logs/api.log': [
    '2026-01-05T10:00:00Z INFO api: GET / 200',
    '2026-01-05T10:00:05Z ERROR api: cache is gone key=7',
    '2026-01-05T10:00:09Z ERROR api: cache is gone key=8',
  ].join('\n'),
  'runbooks/cache.md': '# The cache is gone\n\nRestart it.\n',
  'services.json': '[{"name":"api","owner":"team-web","tier":1}]',
}

export const TICKET = {
  title: 'Cache is gone',
  service: 'api',
  severity: 'sev3',
  summary: 'Two errors since ten.',
}

/** A folder with these files; it is removed after the test. */
export function makeFolder(files: Record<string, string> = FILES): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

export interface RunOptions {
  /** Chooses the model; the heuristic provider by default. */
  env?: Env
  goal?: string
  root?: string
  data?: string
  approve?: Approve | string[]
  allow?: string[]
  limits?: Partial<Limits>
  signal?: AbortSignal
  /** Added to the agent's own. */
  tools?: AgentTool[]
  /** Resumes this run instead of starting one. */
  resume?: string
  secrets?: string[]
  onEvent?: (event: RunEvent) => void
}

export interface Ran {
  id: string
  state: RunState
  events: RunEvent[]
  data: string
  /** Names of the tickets that were filed. */
  tickets: string[]
  text: string
}

/** Runs the agent from the start, or from where `resume` stands, to its end. */
export async function runAgent(options: RunOptions = {}): Promise<Ran> {
  const { env = { AI_PROVIDER: 'heuristic' }, goal = 'Do it.', tools = [], allow, secrets = [] } = options
  const root = options.root ?? makeFolder()
  const data = options.data ?? makeFolder({})
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const id = options.resume ?? makeRunId(new Date())
  const log = await RunLog.open({ directory: join(data, 'runs'), run: id, schema: runEvent, secrets })
  try {
    const incident = await Incident.open(root)
    const { approve = denyAll, signal = new AbortController().signal, onEvent = () => {} } = options
    const run: Run = {
      ...{ id, log, signal, onEvent },
      llm: traceLlm(
        await openLlm({ env, tasks: heuristicTasks, policy: { ...QUICK, totalMs: 5_000, maxRetries: 0 } }),
      ),
      toolbox: traceToolbox(createToolbox([...createTools({ incident, data }), ...tools], allow)),
      approve: Array.isArray(approve) ? approveMatching(approve, denyAll) : approve,
    }
    await (options.resume ? resumeRun(run, limits) : startRun(run, { goal, root, limits, allow }))
    const state = await runTraced(run)
    const text = readFileSync(join(data, 'runs', `${id}.jsonl`), 'utf8')
    return { id, state, events: [...log.events], data, tickets: listTickets(data), text }
  } finally {
    await log.close()
  }
}

export function listTickets(data: string): string[] {
  try {
    return readdirSync(join(data, 'tickets'))
  } catch {
    return []
  }
}
