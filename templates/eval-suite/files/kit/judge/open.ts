import type { Env } from '#kit/console/env'
import { openLlm } from '#kit/llm/model'
import { judgeHeuristically } from '#kit/offline/judge'
import { openModelVoice, type Voice } from './voice.ts'

/**
 * Opens the judge of the environment: the answering model, or `AI_JUDGE_MODEL` of the same provider, since a
 * model prefers its own answers.
 */
export async function openVoice(env: Env, announce?: (line: string) => void): Promise<Voice> {
  const model = env['AI_JUDGE_MODEL']?.trim()
  const chosen = model ? { ...env, AI_MODEL: model } : env
  return openModelVoice(
    await openLlm({ env: chosen, tasks: { judge: judgeHeuristically }, ...(announce && { announce }) }),
  )
}
