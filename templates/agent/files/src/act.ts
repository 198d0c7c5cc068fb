import pLimit from 'p-limit'
import { deriveIdempotencyKey, fingerprintCall } from './approval/fingerprint.ts'
import type { EventOf } from './run/events.ts'
import { type Run, record } from './run/run.ts'
import type { CallState } from './run/state.ts'
import { settings } from './settings.ts'
import { type PreparedCall, ToolError } from './tools/tool.ts'

type Answer = Pick<EventOf<'result'>, 'outcome' | 'output'>

const DENIED: Answer = {
  outcome: 'denied',
  output: 'Not done: this call was not approved. Do not try it again; say what you would have done.',
}
const UNKNOWN_OUTCOME: Answer = {
  outcome: 'error',
  output:
    'The run was interrupted during this call. It may or may not have happened: check before you try again.',
}

/** Makes the calls of one step, several at a time. All of them settle before the first failure is thrown. */
export async function actOnAll(
  run: Run,
  calls: readonly CallState[],
  signal: AbortSignal,
): Promise<'made' | 'waiting'> {
  const limit = pLimit(settings.parallelCalls)
  const settled = await Promise.allSettled(calls.map((call) => limit(() => act(run, call, signal))))
  const failed = settled.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
  return settled.some((one) => one.status === 'fulfilled' && one.value === 'waiting') ? 'waiting' : 'made'
}

/**
 * Makes one call, if it may be made, and writes its result to the log. Throws the signal's reason on abort;
 * then there is no result.
 */
async function act(run: Run, call: CallState, signal: AbortSignal): Promise<'made' | 'waiting'> {
  const startedAt = performance.now()
  const answer = await answerCall(run, call, signal)
  if (answer === 'waiting') return 'waiting'
  const output = answer.output.slice(0, settings.maxResultChars)
  const cut = answer.output.length - output.length
  const ms = Math.ceil(performance.now() - startedAt)
  await record(run, { type: 'result', call: call.id, outcome: answer.outcome, output, ms, cut })
  return 'made'
}

/**
 * The checks, in order: the tool exists, the arguments fit, nothing runs twice, a person approved. What fails
 * a check is an answer to the model.
 */
async function answerCall(run: Run, call: CallState, signal: AbortSignal): Promise<Answer | 'waiting'> {
  try {
    const tool = run.toolbox.find(call.tool)
    const prepared = tool.prepare(call.input)
    if (call.called && tool.effect === 'write' && !tool.idempotent) return UNKNOWN_OUTCOME
    const decision = tool.effect === 'read' ? 'approved' : findDecision(call, prepared)
    if (decision === undefined) return 'waiting'
    if (decision === 'denied') return DENIED
    const key = deriveIdempotencyKey(run.id, { tool: call.tool, input: prepared.input })
    await record(run, { type: 'called', call: call.id, key })
    return { outcome: 'ok', output: await prepared.run({ key, signal, callId: call.id }) }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ToolError)) throw error
    return { outcome: 'error', output: error.message }
  }
}

/** The decision about exactly these arguments; undefined when there is none. */
function findDecision({ tool, decision }: CallState, { input }: PreparedCall) {
  return decision?.approval === fingerprintCall({ tool, input }) ? decision.decision : undefined
}
