import type { Context, Handler } from 'hono'
import * as z from 'zod'
import { type App, type AppEnv, logFailure } from '#kit/http/app'
import { HttpError, toErrorBody, toHttpError } from '#kit/http/errors'
import { parseJsonBody } from '#kit/http/json-body'
import { createEventStream, type ServerEvent } from '#kit/http/sse'
import { readAnswer } from '#kit/runs/run'
import type { RunView } from './agent.ts'
import type { Runs } from './runs.ts'

const MAX_LISTED = 100
const STREAM_MS = 15 * 60_000

const goalBody = z.strictObject({ goal: z.string().trim().min(1).max(4_000) })
const decisionBody = z.strictObject({ decision: z.enum(['approve', 'deny']) })

/** What a client gets to know of a run. */
function summariseRun(view: RunView, runs: Runs) {
  const { started, stopped, steps, calls, tokens, costUsd, workMs } = view.run
  const id = started.run
  const approvals = runs.listWaiting(view).map(({ approval, tool, input }) => ({ approval, tool, input }))
  const open = approvals.length > 0 ? 'waiting' : 'interrupted'
  return {
    ...{ id, goal: started.goal, provider: started.provider, model: started.model, began: started.at },
    status: stopped ? stopped.reason : runs.isWorking(id) ? 'working' : open,
    detail: stopped?.detail ?? null,
    answer: stopped?.reason === 'done' ? readAnswer(view.run) : null,
    ...{ approvals, steps: steps.length, calls: calls.length, tokens, costUsd, workMs },
  }
}

/** `POST /api/runs`: starts a run with `{"goal": ...}`, or with the server's job. */
export function startRoute(runs: Runs, job: string): Handler<AppEnv> {
  return async (c) => {
    const hasBody = c.req.header('content-type') !== undefined
    const { goal } = hasBody ? await parseJsonBody(c, goalBody) : { goal: job }
    const id = await runs.start(goal)
    c.header('location', `/api/runs/${id}`)
    return c.json(summariseRun(await runs.view(id), runs), 201)
  }
}

/** `GET /api/runs`: the newest hundred. */
export function listRoute(runs: Runs): Handler<AppEnv> {
  return async (c) => c.json({ runs: (await runs.list(MAX_LISTED)).map((view) => summariseRun(view, runs)) })
}

/** `GET /api/runs/ID` */
export function showRoute(runs: Runs): Handler<AppEnv> {
  return async (c) => c.json(summariseRun(await runs.view(readId(c)), runs))
}

/**
 * `POST /api/runs/ID/approvals/FINGERPRINT` with `{"decision": "approve" | "deny"}`: decides about one call
 * with exactly its arguments.
 */
export function decideRoute(runs: Runs): Handler<AppEnv> {
  return async (c) => {
    const { decision } = await parseJsonBody(c, decisionBody)
    const id = readId(c)
    await runs.decide(id, c.req.param('approval') ?? '', decision === 'approve' ? 'approved' : 'denied')
    return c.json(summariseRun(await runs.view(id), runs), 202)
  }
}

/** `POST /api/runs/ID/cancel` and `/resume` */
export function actRoute(runs: Runs, what: 'cancel' | 'resume'): Handler<AppEnv> {
  return async (c) => {
    const id = readId(c)
    await runs[what](id)
    return c.json(summariseRun(await runs.view(id), runs), 202)
  }
}

/**
 * `GET /api/runs/ID/events?from=N`: streams the log from event N on, until the run stops or waits. The last
 * event is `end` or `error`.
 */
export function createEventsRoute(app: App, runs: Runs): Handler<AppEnv> {
  return async (c) => {
    const id = readId(c)
    const from = z.coerce
      .number()
      .int()
      .min(0)
      .catch(0)
      .parse(c.req.query('from') ?? 0)
    await runs.view(id)
    const scope = app.inFlight.begin(c.req.raw.signal, STREAM_MS)
    const events = streamEvents(runs, { id, from, signal: scope.signal }, { app, request: c.get('id') })
    const stream = createEventStream(events, {
      onStall: () => c.env.outgoing.destroy(),
      onEnd: () => scope.end(),
    })
    return c.newResponse(stream, 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
    })
  }
}

async function* streamEvents(
  runs: Runs,
  { id, from, signal }: { id: string; from: number; signal: AbortSignal },
  { app, request }: { app: App; request: string },
): AsyncGenerator<ServerEvent, void, undefined> {
  try {
    for await (const event of runs.follow(id, from, signal)) yield { event: event.type, data: event }
    yield { event: 'end', data: summariseRun(await runs.view(id), runs) }
  } catch (thrown) {
    const error = toHttpError(thrown)
    if (error !== thrown && !signal.aborted) logFailure(app.log, request, thrown)
    yield { event: 'error', data: toErrorBody(error, request) }
  }
}

function readId(c: Context<AppEnv>): string {
  return c.req.param('id') ?? ''
}

export function refuseMethod(allowed: string): Handler<AppEnv> {
  return (c) => {
    c.header('allow', allowed)
    throw new HttpError(405, 'method_not_allowed', `This takes ${allowed}`)
  }
}
