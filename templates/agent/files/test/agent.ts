import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Env } from '#kit/console/env'
import { openLlm } from '#kit/llm/model'
import { heuristicTasks } from '#kit/offline/next-step'
import { tracedLlm } from '#kit/otel/chat'
import { QUICK } from '#kit/testing/open-test-llm'
import { type Approve, approveMatching, denyAll } from '../src/approval/approve.ts'
import { runLoop } from '../src/loop.ts'
import type { RunEvent } from '../src/run/events.ts'
import { RunLog } from '../src/run/log.ts'
import { begin, goOn, newRunId, type Run } from '../src/run/run.ts'
import type { RunState } from '../src/run/state.ts'
import { DEFAULT_LIMITS, type Limits } from '../src/settings.ts'
import { ownTools } from '../src/tools/all.ts'
import { Incident } from '../src/tools/incident.ts'
import type { AgentTool } from '../src/tools/tool.ts'
import { Toolbox } from '../src/tools/toolbox.ts'

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

/** A folder with files that is gone after the test. */
export function folderOf(files: Record<string, string> = FILES): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

export interface RunOptions {
  /** Who answers; without it the rules do. */
  env?: Env
  goal?: string
  root?: string
  data?: string
  approve?: Approve | string[]
  allow?: string[]
  limits?: Partial<Limits>
  signal?: AbortSignal
  /** Beside the agent's own. */
  tools?: AgentTool[]
  /** Goes on with this run instead of a new one. */
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

/** A run from its beginning, or from where it stands, to its end. */
export async function runAgent(options: RunOptions = {}): Promise<Ran> {
  const { env = { AI_PROVIDER: 'heuristic' }, goal = 'Do it.', tools = [], allow, secrets = [] } = options
  const root = options.root ?? folderOf()
  const data = options.data ?? folderOf({})
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const id = options.resume ?? newRunId(new Date())
  const log = await RunLog.open(join(data, 'runs'), id, secrets)
  try {
    const incident = await Incident.open(root)
    const { approve = denyAll, signal = new AbortController().signal, onEvent = () => {} } = options
    const run: Run = {
      ...{ id, log, signal, onEvent },
      llm: tracedLlm(
        await openLlm({ env, tasks: heuristicTasks, policy: { ...QUICK, totalMs: 5_000, maxRetries: 0 } }),
      ),
      toolbox: new Toolbox([...ownTools({ incident, data }), ...tools], allow),
      approve: Array.isArray(approve) ? approveMatching(approve, denyAll) : approve,
    }
    await (options.resume ? goOn(run, limits) : begin(run, { goal, root, limits, allow }))
    const state = await runLoop(run)
    const text = readFileSync(join(data, 'runs', `${id}.jsonl`), 'utf8')
    return { id, state, events: [...log.events], data, tickets: filed(data), text }
  } finally {
    await log.close()
  }
}

export function filed(data: string): string[] {
  try {
    return readdirSync(join(data, 'tickets'))
  } catch {
    return []
  }
}
