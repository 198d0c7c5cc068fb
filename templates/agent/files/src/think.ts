import type { JSONObject } from '@ai-sdk/provider'
import { asSchema, generateText, type ToolSet, tool, wrapLanguageModel } from 'ai'
import * as z from 'zod'
import { limitCost } from '#kit/llm/ceiling'
import { meterSeparately } from '#kit/llm/metered'
import type { Llm } from '#kit/llm/model'
import { buildMessages } from './prompts.ts'
import type { Usage } from './run/events.ts'
import { type Run, record } from './run/run.ts'
import type { RunState } from './run/state.ts'
import { settings } from './settings.ts'
import type { Toolbox } from './tools/toolbox.ts'

/**
 * Calls the model once and writes its reply to the log. No tool has an `execute`, so `generateText` makes
 * exactly one step: it translates messages and tools for three wire formats, and the loop stays ours. Throws
 * an `LlmError`, or the signal's reason.
 */
export async function think(run: Run, state: RunState, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now()
  const { model, meter } = capCost(meterSeparately(run.llm), state)
  const { system, messages } = buildMessages(state, run.llm.contextWindow)
  const result = await generateText({
    ...{ model, system, messages, abortSignal: signal },
    tools: describeTools(run.toolbox),
    maxOutputTokens: settings.maxOutputTokens,
    // `kit/llm/resilience.ts` retries; retries of the SDK would multiply with its.
    maxRetries: 0,
    providerOptions: {
      heuristic: { task: 'next-step', input: await describeForRules(state, run.toolbox) },
    },
  })
  const calls = result.toolCalls.map(({ toolCallId, toolName, input }) => ({
    ...{ id: toolCallId, tool: toolName, input: json.parse(input) },
  }))
  await record(run, {
    type: 'step',
    ms: Math.ceil(performance.now() - startedAt),
    ...{ text: result.text, calls, usage: readUsage({ meter }) },
    // The SDK itself answers calls that it can't parse. The loop answers every call, so only the model's own
    // words are kept.
    messages: result.response.messages.filter(({ role }) => role === 'assistant'),
  })
}

const json = z.json().catch(null)

/**
 * What is left of the run's ceiling is the ceiling of this call: a call that could pass it is refused before
 * it is sent.
 */
function capCost(llm: Llm, { limits, costUsd }: RunState): Pick<Llm, 'model' | 'meter'> {
  if (limits.costUsd === null) return llm
  const facts = {
    price: llm.price ?? null,
    maxOutput: settings.maxOutputTokens,
    contextWindow: llm.contextWindow,
  }
  const middleware = limitCost(limits.costUsd - (costUsd ?? 0), facts, llm.meter)
  return { ...llm, model: wrapLanguageModel({ model: llm.model, middleware }) }
}

function readUsage({ meter }: Pick<Llm, 'meter'>): Usage {
  const { inputTokens, outputTokens, costUsd } = meter.total()
  return { inputTokens, outputTokens, costUsd }
}

function describeTools({ tools }: Toolbox): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, schema }) => [name, tool({ description, inputSchema: schema })]),
  )
}

/** The run as data, for the heuristic provider: it never reads prompts. */
async function describeForRules({ started, calls }: RunState, { tools }: Toolbox): Promise<JSONObject> {
  const described = tools.map(async ({ name, description, schema }) => ({
    ...{ name, description, inputSchema: json.parse(await asSchema(schema).jsonSchema) },
  }))
  const results = calls.map(({ tool, result }) => ({
    ...{ tool, outcome: result?.outcome ?? 'error', output: result?.output ?? '' },
  }))
  return { goal: started.goal, tools: await Promise.all(described), results }
}
