import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { loadEnv } from '#kit/console/env'
import { evalCase, type Grade, type Grader, type Suite } from '#kit/evals/suite'
import { type Llm, openLlm, requireToolCalls } from '#kit/llm/model'
import { heuristicTasks } from '#kit/offline/next-step'
import { makeRunId, RunLog } from '#kit/runs/log'
import { readAnswer } from '#kit/runs/run'
import { approveMatching, denyAll } from '../src/approval/approve.ts'
import { runLoop } from '../src/loop.ts'
import { runEvent } from '../src/run/events.ts'
import { type Run, startRun } from '../src/run/run.ts'
import type { RunState } from '../src/run/state.ts'
import { DEFAULT_LIMITS } from '../src/settings.ts'
import { createTools } from '../src/tools/all.ts'
import { Incident } from '../src/tools/incident.ts'
import { createToolbox } from '../src/tools/toolbox.ts'
import { type Trajectory, trajectory, tryParseTrajectory } from './trajectory.ts'

const wanted = z.strictObject({
  tool: z.string(),
  /** Each value must be among the arguments; a text as a part of one, letter case aside. */
  input: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})

export const trajectoryCase = evalCase.extend({
  goal: z.string().min(1),
  /** The folder that the run is about, from the repo's root. */
  incident: z.string(),
  approve: z.array(z.string()).default([]),
  /** Calls that must be made and succeed, in this order; others may come between them. */
  calls: z.array(wanted).default([]),
  /** Tools that the agent must not even ask for. */
  forbidden: z.array(z.string()).default([]),
  /** More calls than this are a detour. */
  maxCalls: z.int().min(0).default(12),
  /** How many tickets and pages are filed at the end. */
  filed: z.strictObject({ tickets: z.int(), pages: z.int() }).default({ tickets: 0, pages: 0 }),
  /** The answer contains each of these. */
  says: z.array(z.string().min(1)).default([]),
})
export type TrajectoryCase = z.infer<typeof trajectoryCase>

const gradeCalls: Grader<TrajectoryCase> = (output, { calls }) => {
  const { made } = parseTrajectory(output)
  let next = 0
  for (const call of made) {
    const want = calls[next]
    if (want && call.tool === want.tool && call.outcome === 'ok' && hasAll(call.input, want.input)) next += 1
  }
  const missing = calls.slice(next).map(({ tool }) => tool)
  const score = calls.length === 0 ? 1 : next / calls.length
  return {
    pass: missing.length === 0,
    score,
    reason: missing.length === 0 ? 'all made, in order' : `not made in order: ${missing.join(', ')}`,
  }
}

const gradeForbidden: Grader<TrajectoryCase> = (output, { forbidden, maxCalls }) => {
  const { made } = parseTrajectory(output)
  const wrong = made.filter(({ tool }) => forbidden.includes(tool)).map(({ tool }) => tool)
  if (wrong.length > 0) return gradeAs(false, `asked for ${[...new Set(wrong)].join(', ')}`)
  return gradeAs(made.length <= maxCalls, `${made.length} calls, at most ${maxCalls} wanted`)
}

const gradeEnd: Grader<TrajectoryCase> = (output, { filed, says }) => {
  const { reason, tickets, pages, answer } = parseTrajectory(output)
  if (reason !== 'done') return gradeAs(false, `stopped by ${reason}`)
  if (tickets !== filed.tickets || pages !== filed.pages)
    return gradeAs(
      false,
      `filed ${tickets} tickets and ${pages} pages, wanted ${filed.tickets} and ${filed.pages}`,
    )
  const missing = says.filter((text) => !answer.toLowerCase().includes(text.toLowerCase()))
  return gradeAs(
    missing.length === 0,
    missing.length === 0 ? 'as wanted' : `does not say: ${missing.join(', ')}`,
  )
}

function gradeAs(pass: boolean, reason: string): Grade {
  return { pass, score: pass ? 1 : 0, reason }
}

/** An answer that is not a run made no call and did not end. */
function parseTrajectory(output: string): Trajectory {
  return tryParseTrajectory(output) ?? { reason: 'nothing', made: [], tickets: -1, pages: -1, answer: '' }
}

function hasAll(input: unknown, wanted: TrajectoryCase['calls'][number]['input']): boolean {
  const given = z.record(z.string(), z.unknown()).safeParse(input).data ?? {}
  return Object.entries(wanted).every(([key, value]) => {
    const found = given[key]
    if (typeof value !== 'string') return found === value
    return typeof found === 'string' && found.toLowerCase().includes(value.toLowerCase())
  })
}

/** A whole run in its own temporary folder; what no pattern approves is denied. */
async function runTrajectory(testCase: TrajectoryCase, llm: Llm, signal: AbortSignal): Promise<Trajectory> {
  const data = await mkdtemp(join(tmpdir(), 'agent-eval-'))
  try {
    const state = await runCase(data, testCase, llm, signal)
    signal.throwIfAborted()
    return await readTrajectory(state, data)
  } finally {
    await rm(data, { recursive: true })
  }
}

async function runCase(
  data: string,
  testCase: TrajectoryCase,
  llm: Llm,
  signal: AbortSignal,
): Promise<RunState> {
  const { goal, incident: root } = testCase
  const toolbox = createToolbox(createTools({ incident: await Incident.open(root), data }))
  const id = makeRunId(new Date())
  const log = await RunLog.open({ directory: join(data, 'runs'), run: id, schema: runEvent, secrets: [] })
  try {
    const approve = approveMatching(testCase.approve, denyAll)
    const run: Run = { id, log, llm: requireToolCalls(llm), toolbox, approve, signal, onEvent: () => {} }
    await startRun(run, { goal, root, limits: DEFAULT_LIMITS })
    return await runLoop(run)
  } finally {
    await log.close()
  }
}

async function readTrajectory(state: RunState, data: string): Promise<Trajectory> {
  const count = (folder: string) =>
    readdir(join(data, folder)).then(
      (names) => names.length,
      () => 0,
    )
  const made = state.calls.map(({ tool, input, result }) => ({
    tool,
    input,
    outcome: result?.outcome ?? 'error',
  }))
  const [tickets, pages] = [await count('tickets'), await count('pages')]
  return { reason: state.stopped?.reason ?? 'waiting', made, tickets, pages, answer: readAnswer(state) }
}

export const suite: Suite<TrajectoryCase> = {
  name: 'trajectories',
  schema: trajectoryCase,
  cases: 'evals/cases.jsonl',
  files: ({ incident }) => [`${incident}/services.json`],
  prompts: ['src/prompts.ts', 'src/settings.ts', 'jobs/triage.md'],
  graders: { rightCalls: gradeCalls, nothingForbidden: gradeForbidden, endsAsWanted: gradeEnd },
  open: () => openLlm({ env: loadEnv(process.cwd(), process.env), tasks: heuristicTasks }),
  answer: async (testCase, llm, signal) =>
    JSON.stringify(trajectory.parse(await runTrajectory(testCase, llm, signal))),
  echo: ({ goal }) => goal,
  describe: ({ goal }) => ({ input: goal }),
  renderOutput: (output) => {
    const { answer, made, reason } = parseTrajectory(output)
    const calls = made.map(({ tool, outcome }) => `${tool} (${outcome})`)
    return `${answer || `no answer, stopped by ${reason}`} | calls: ${calls.join(', ') || 'none'}`
  },
}
