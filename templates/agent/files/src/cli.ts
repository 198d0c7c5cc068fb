import { join } from 'node:path'
import { type Env, loadEnv } from '#kit/console/env'
import { InputError } from '#kit/console/errors'
import { readDocuments } from '#kit/console/input'
import { printableText } from '#kit/console/printable'
import { type Io, note, write } from '#kit/console/process'
import { replaceFile } from '#kit/console/replace-file'
import { type Llm, openLlm } from '#kit/llm/model'
import { parseSettings, secretsIn } from '#kit/llm/settings'
import { heuristicTasks } from '#kit/offline/next-step'
import { tracedLlm } from '#kit/otel/chat'
import { startTracing } from '#kit/otel/start'
import { approveMatching } from './approval/approve.ts'
import { askOnTerminal } from './approval/terminal.ts'
import { runLoop } from './loop.ts'
import { type Command, HELP, parseCommand, type WorkOptions } from './options.ts'
import { listRuns, type RunId, RunLog, readRun } from './run/log.ts'
import { begin, currentState, goOn, newRunId, type Run } from './run/run.ts'
import { answerOf, type RunState, stateOf } from './run/state.ts'
import { DATA, DEFAULT_LIMITS } from './settings.ts'
import { resultJson } from './terminal/result.ts'
import { StoppedEarly, tellEvent, tellTotals, toolLines } from './terminal/tell.ts'
import { withTools } from './tools/open.ts'
import { tracePage } from './trace/page.ts'
import { runLine, traceText } from './trace/text.ts'
import { serveRuns } from './web/serve.ts'

const RUNS_AT_ONCE = 4

/** Runs a command. Standard output carries answers and nothing else. Throws; `runMain` turns that into an exit code. */
export async function run(args: readonly string[], io: Io): Promise<void> {
  const command = parseCommand(args)
  if (command.name === 'help') return write(io.stdout, HELP)
  const env = loadEnv(io.directory, io.env)
  const tracing = await startTracing({ env, serviceName: 'agent', tell: (line) => note(io, line) })
  try {
    await runTraced(command, { io, env, runs: join(io.directory, DATA, 'runs') })
  } finally {
    await tracing.close()
  }
}

/** Where a command works. */
interface Place {
  io: Io
  env: Env
  /** The folder of all runs. */
  runs: string
}

async function runTraced(command: Exclude<Command, { name: 'help' }>, place: Place): Promise<void> {
  const { io, runs } = place
  switch (command.name) {
    case 'run': {
      const goal = command.goal ?? (await readJob(command.job, io))
      const { root, allow } = command
      const limits = { ...DEFAULT_LIMITS, ...command.limits }
      return work(newRunId(new Date()), root, command, place, (run) =>
        begin(run, { goal, root, limits, allow }),
      )
    }
    case 'resume': {
      const { started, limits } = stateOf(await readRun(runs, command.run))
      const { allow = started.allow } = command
      const goOnWith = { ...limits, ...command.limits }
      return work(command.run, started.root, { ...command, allow }, place, (run) => goOn(run, goOnWith))
    }
    case 'runs':
      for (const run of await listRuns(runs)) await write(io.stdout, `${await lineOf(runs, run)}\n`)
      return
    case 'trace':
      return trace(command, place)
    case 'tools':
      return withTools({ ...place, ...command, data: join(io.directory, DATA) }, (toolbox) =>
        write(io.stdout, toolLines(toolbox)),
      )
    case 'serve':
      return serveCommand(command, place)
    default:
      return command satisfies never
  }
}

/** One that cannot be read keeps nobody from the others. */
async function lineOf(runs: string, run: RunId): Promise<string> {
  try {
    return runLine(stateOf(await readRun(runs, run)))
  } catch (error) {
    if (error instanceof InputError) return `${run}  unreadable       ${error.message}`
    throw error
  }
}

async function readJob(file: string, io: Io): Promise<string> {
  const [job] = await readDocuments([file], io.stdin, io.signal)
  return job?.text.trim() ?? ''
}

/** Lets an agent work on a run from where it stands to its end, or to a limit. */
async function work(
  id: RunId,
  root: string,
  options: WorkOptions,
  place: Place,
  start: (run: Run) => Promise<void>,
): Promise<void> {
  const { io, env, runs } = place
  const data = join(io.directory, DATA)
  const approve = approveMatching(options.approve, askOnTerminal(io))
  const llm = tracedLlm(await open(env, io))
  await withTools({ ...place, ...options, root, data }, async (toolbox) => {
    const log = await RunLog.open(runs, id, secretsIn(parseSettings(env)))
    try {
      const about = { id, log, llm, toolbox, approve, signal: io.signal }
      const run: Run = { ...about, onEvent: (event) => tellEvent(event, currentState(run), io) }
      await start(run)
      const state = await runLoop(run)
      await tellEnd(state, options, io)
    } finally {
      await log.close()
    }
  })
}

function open(env: Env, io: Io): Promise<Llm> {
  return openLlm({ env, tasks: heuristicTasks, announce: (line) => note(io, line) })
}

async function tellEnd(state: RunState, { json }: WorkOptions, io: Io): Promise<void> {
  tellTotals(state, io)
  if (json) await write(io.stdout, resultJson(state))
  else if (state.stopped?.reason === 'done') await write(io.stdout, `${printableText(answerOf(state))}\n`)
  io.signal.throwIfAborted()
  if (state.stopped?.reason !== 'done') throw new StoppedEarly(state)
}

/** Runs that others start: what needs approval waits for a request. */
async function serveCommand(options: Extract<Command, { name: 'serve' }>, place: Place): Promise<void> {
  const { io, env, runs: directory } = place
  const { root, approve, allow } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const data = join(io.directory, DATA)
  const llm = tracedLlm(await open(env, io))
  const job = await readJob(options.job, io)
  const secrets = secretsIn(parseSettings(env))
  await withTools({ ...place, ...options, data }, (toolbox) =>
    serveRuns({ llm, toolbox, directory, root, limits, approve, allow, secrets, atOnce: RUNS_AT_ONCE }, job, {
      io,
      env,
    }),
  )
}

async function trace({ run, html }: Extract<Command, { name: 'trace' }>, { io, runs }: Place): Promise<void> {
  const events = await readRun(runs, run)
  if (html === undefined) return write(io.stdout, traceText(events))
  await replaceFile(html, tracePage(events))
  note(io, `${html} is written: open it in a browser.`)
}
