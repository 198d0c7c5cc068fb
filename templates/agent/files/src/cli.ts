import { join } from 'node:path'
import { askOnTerminal } from '#kit/cli/ask'
import { type Command, type CommandNamed, parseCommand, renderHelp, type WorkOptions } from '#kit/cli/options'
import { type Env, loadEnv } from '#kit/console/env'
import { readDocuments } from '#kit/console/input'
import { type Io, note, write } from '#kit/console/process'
import { listSecrets, parseSettings } from '#kit/llm/settings'
import { startTracing } from '#kit/otel/start'
import { listRuns, makeRunId, type RunId, RunLog } from '#kit/runs/log'
import { finish, printEvent, printRuns, printTools, printTrace } from '#kit/runs/print'
import { openAgentLlm, runAgent, withTools } from './agent.ts'
import { approveMatching, askPerson } from './approval/approve.ts'
import { runEvent } from './run/events.ts'
import { type Run, readState, readStateFrom, resumeRun, startRun } from './run/run.ts'
import { serveAgent } from './serve.ts'
import { DATA, DEFAULT_LIMITS } from './settings.ts'

/**
 * Runs one command. Standard output carries the answer and nothing else. Throws; `runMain` turns that into an
 * exit code.
 */
export async function runCommand(args: readonly string[], io: Io): Promise<void> {
  const command = parseCommand(args)
  if (command.name === 'help') return write(io.stdout, renderHelp(DEFAULT_LIMITS))
  const env = loadEnv(io.directory, io.env)
  const tracing = await startTracing({ env, serviceName: 'agent', tell: (line) => note(io, line) })
  const data = join(io.directory, DATA)
  try {
    await dispatch(command, { io, env, data, runs: join(data, 'runs') })
  } finally {
    await tracing.close()
  }
}

/** Where a command works. */
interface Place {
  io: Io
  env: Env
  /** The folder for everything that the agent writes. */
  data: string
  /** The folder of all logs, in `data`. */
  runs: string
}

async function dispatch(command: Exclude<Command, { name: 'help' }>, place: Place): Promise<void> {
  const { io, runs } = place
  switch (command.name) {
    case 'run':
      return start(command, place)
    case 'resume':
      return resume(command, place)
    case 'runs':
      return printRuns(await listRuns(runs), (id) => readStateFrom(runs, id), io)
    case 'trace':
      return printTrace(await readStateFrom(runs, command.run), command.html, io)
    case 'tools':
      return withTools({ ...place, ...command }, ({ tools }) => printTools(tools, io))
    case 'serve':
      return serve(command, place)
    default:
      return command satisfies never
  }
}

async function start(command: CommandNamed<'run'>, place: Place): Promise<void> {
  const { root, allow } = command
  const goal = command.goal ?? (await readJob(command.job, place.io))
  const limits = { ...DEFAULT_LIMITS, ...command.limits }
  return runToEnd(makeRunId(new Date()), { ...command, root }, place, (run) =>
    startRun(run, { goal, root, limits, allow }),
  )
}

/** With the folder, tools and limits that the run had, unless the command names others. */
async function resume(command: CommandNamed<'resume'>, place: Place): Promise<void> {
  const { started, limits } = await readStateFrom(place.runs, command.run)
  const { root } = started
  const { allow = started.allow } = command
  return runToEnd(command.run, { ...command, root, allow }, place, (run) =>
    resumeRun(run, { ...limits, ...command.limits }),
  )
}

/** Runs the agent from where the run stands to its end. */
async function runToEnd(
  id: RunId,
  options: WorkOptions & { root: string },
  place: Place,
  begin: (run: Run) => Promise<void>,
): Promise<void> {
  const { io, env, runs } = place
  const approve = approveMatching(options.approve, askPerson(askOnTerminal(io)))
  const llm = await openAgentLlm(env, io)
  await withTools({ ...place, ...options }, async (toolbox) => {
    const secrets = listSecrets(parseSettings(env))
    const log = await RunLog.open({ directory: runs, run: id, schema: runEvent, secrets })
    try {
      const about = { id, log, llm, toolbox, approve, signal: io.signal }
      const run: Run = { ...about, onEvent: (event) => printEvent(event, readState({ log }), io) }
      await begin(run)
      await finish(await runAgent(run), options, io)
    } finally {
      await log.close()
    }
  })
}

/** Runs that requests start: a call that needs approval waits for a request. */
async function serve(command: CommandNamed<'serve'>, place: Place): Promise<void> {
  const { io, env, runs } = place
  const limits = { ...DEFAULT_LIMITS, ...command.limits }
  const llm = await openAgentLlm(env, io)
  const job = await readJob(command.job, io)
  const secrets = listSecrets(parseSettings(env))
  await withTools({ ...place, ...command }, (toolbox) =>
    serveAgent({ ...command, llm, toolbox, directory: runs, limits, secrets }, { job, io, env }),
  )
}

async function readJob(file: string, io: Io): Promise<string> {
  const [job] = await readDocuments([file], io.stdin, io.signal)
  return job?.text.trim() ?? ''
}
