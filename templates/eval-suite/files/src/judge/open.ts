import type { Env } from '#kit/console/env'
import { openLlm } from '#kit/llm/model'
import { heuristicJudge } from './heuristic.ts'
import { modelVoice, type Voice } from './voice.ts'

/** The judge of the environment: the model that answers, or `AI_JUDGE_MODEL` of the same provider, since a model likes its own answers best. */
export async function voiceOf(env: Env, announce?: (line: string) => void): Promise<Voice> {
  const model = env['AI_JUDGE_MODEL']?.trim()
  const chosen = model ? { ...env, AI_MODEL: model } : env
  return modelVoice(
    await openLlm({ env: chosen, tasks: { judge: heuristicJudge }, ...(announce && { announce }) }),
  )
}
