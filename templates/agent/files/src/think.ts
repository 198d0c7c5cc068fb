import type { JSONObject } from '@ai-sdk/provider'
import { asSchema, generateText, type ModelMessage, type ToolSet, tool, wrapLanguageModel } from 'ai'
import * as z from 'zod'
import { costCeiling } from '#kit/llm/ceiling'
import type { LlmError } from '#kit/llm/errors'
import { meteredApart } from '#kit/llm/metered'
import type { Llm } from '#kit/llm/model'
import { messagesOf } from './prompts.ts'
import type { Usage } from './run/events.ts'
import { type Run, record } from './run/run.ts'
import type { RunState } from './run/state.ts'
import { settings } from './settings.ts'
import type { Toolbox } from './tools/toolbox.ts'

/**
 * One call of the model, and its reply in the log. `generateText` makes exactly one step here, since no tool has an `execute`: it translates messages and
 * tools for three wire formats, and the loop around it stays ours. Throws an `LlmError`, or the signal's reason.
 */
export async function think(run: Run, state: RunState, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now()
  const { model, meter } = affordable(meteredApart(run.llm), state)
  const { system, messages } = messagesOf(state, run.llm.contextWindow)
  const result = await generateText({
    ...{ model, system, messages, abortSignal: signal },
    tools: toolSet(run.toolbox),
    maxOutputTokens: settings.maxOutputTokens,
    // Retries are the business of `llm/resilience.ts`; the SDK's own would multiply with them.
    maxRetries: 0,
    providerOptions: { heuristic: { task: 'next-step', input: await heuristicInput(state, run.toolbox) } },
  })
  const calls = result.toolCalls.map(({ toolCallId, toolName, input }) => ({
    ...{ id: toolCallId, tool: toolName, input: json.parse(input) },
  }))
  await record(run, {
    type: 'step',
    ms: Math.ceil(performance.now() - startedAt),
    ...{ text: result.text, calls, usage: usageOf({ meter }) },
    messages: result.response.messages.filter(isReply),
  })
}

/** What a call that failed is known to have cost: nothing, where none was sent. */
export function unbilled({ kind }: LlmError): { usage?: Usage } {
  return kind === 'cost' ? { usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 } } : {}
}

const json = z.json().catch(null)

/** The SDK answers calls that do not parse by itself; the loop answers all of them. */
function isReply({ role }: ModelMessage): boolean {
  return role === 'assistant'
}

/** What is left of the ceiling is the ceiling of this call, which is refused before it is sent. */
function affordable(llm: Llm, { limits, costUsd }: RunState): Pick<Llm, 'model' | 'meter'> {
  if (limits.costUsd === null) return llm
  const facts = {
    price: llm.price ?? null,
    maxOutput: settings.maxOutputTokens,
    contextWindow: llm.contextWindow,
  }
  const middleware = costCeiling(limits.costUsd - (costUsd ?? 0), facts, llm.meter)
  return { ...llm, model: wrapLanguageModel({ model: llm.model, middleware }) }
}

function usageOf({ meter }: Pick<Llm, 'meter'>): Usage {
  const { inputTokens, outputTokens, costUsd } = meter.total()
  return { inputTokens, outputTokens, costUsd }
}

function toolSet({ tools }: Toolbox): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, schema }) => [name, tool({ description, inputSchema: schema })]),
  )
}

/** The run as data, for rules that read no prompts. */
async function heuristicInput({ started, calls }: RunState, { tools }: Toolbox): Promise<JSONObject> {
  const described = tools.map(async ({ name, description, schema }) => ({
    ...{ name, description, inputSchema: json.parse(await asSchema(schema).jsonSchema) },
  }))
  const results = calls.map(({ tool, result }) => ({
    ...{ tool, outcome: result?.outcome ?? 'error', output: result?.output ?? '' },
  }))
  return { goal: started.goal, tools: await Promise.all(described), results }
}
