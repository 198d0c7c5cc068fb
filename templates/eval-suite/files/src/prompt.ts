import { answer, type ModelQuestion } from '#kit/llm/answer'
import { requireServer } from '#kit/llm/choose'
import { isUnusableAnswer } from '#kit/llm/errors'
import { meterSeparately } from '#kit/llm/metered'
import { openLlm } from '#kit/llm/model'
import { parseSettings } from '#kit/llm/settings'
import { heuristicTasks } from '#kit/offline/tasks'
import type { World } from '#kit/targets/open'
import { fillPlaceholders, type PromptFile, readPrompt } from '#kit/targets/prompt-file'
import type { SpecOf } from '#kit/targets/spec'
import type { Target, TargetQuestion } from '#kit/targets/target'

/** Opens a target that asks the model of the environment with a prompt file from `prompts/`. */
export async function openPromptTarget(
  { prompt, maxWords, model }: SpecOf<'prompt'>,
  { root, env: environment }: Pick<World, 'root' | 'env'>,
): Promise<Target> {
  const file = await readPrompt(root, prompt)
  const env = model === undefined ? environment : { ...environment, AI_MODEL: model }
  const opened = await openLlm({ env, tasks: heuristicTasks })
  const { provider, modelId, deterministic } = opened
  return {
    // Two servers may have two models under one name, so a cached answer belongs to an address too. The
    // heuristic is code of this repo: it changes without a version, and takes no time. A program has no version.
    version:
      provider === 'heuristic' || provider === 'command'
        ? null
        : `${provider} / ${modelId} at ${requireServer(provider, parseSettings(env)).baseURL}`,
    identity: async () => ({ name: provider, model: modelId, deterministic }),
    async answer(asked, signal) {
      const llm = meterSeparately(opened)
      const startedAt = performance.now()
      const output = await answerOrNothing(llm, { ...buildQuestion(asked, file, maxWords), signal })
      const latencyMs = Math.round(performance.now() - startedAt)
      const { inputTokens, outputTokens, costUsd } = llm.meter.total()
      const sources = asked.files.map(({ path, text }) => ({ document: path, text }))
      return { output, sources, latencyMs, usage: { inputTokens, outputTokens, costUsd } }
    },
    close: async () => {},
  }
}

/** An unusable answer is an empty one: recorded, and its case fails. */
async function answerOrNothing(...[llm, question]: Parameters<typeof answer>): Promise<string> {
  try {
    return await answer(llm, question)
  } catch (error) {
    if (isUnusableAnswer(error)) return ''
    throw error
  }
}

/** The question as a prompt for a model, and as data for the heuristic provider, which reads no prompts. */
export function buildQuestion(
  { input, files }: TargetQuestion,
  { system, body }: PromptFile,
  maxWords: number,
): ModelQuestion {
  const text = files.map((file) => file.text).join('\n\n')
  const values = { input, files: text, maxWords: String(maxWords) }
  return {
    system: fillPlaceholders(system, values),
    prompt: fillPlaceholders(body, values),
    heuristic: { task: 'answer', input: { question: input, text, maxWords } },
  }
}
