import type { Question } from '../llm/answer.ts'
import { streamAnswer } from '../llm/answer.ts'
import type { Llm, LlmOptions } from '../llm/model.ts'
import { openLlm } from '../llm/model.ts'

/** Shaped like nothing that a secret scanner looks for. */
export const KEY = 'test-only/secret+value=0123456789'

/** The production policy at a fraction of its times, so that a test of it takes no time. */
export const QUICK = {
  totalMs: 2_000,
  firstTokenMs: 400,
  idleMs: 200,
  maxRetries: 2,
  minDelayMs: 2,
  baseDelayMs: 5,
  maxDelayMs: 50,
}

/** The model of an OpenAI-compatible server at `url`. */
export function openAt(url: string, options: Partial<LlmOptions> = {}): Promise<Llm> {
  return openLlm({
    env: { OPENAI_BASE_URL: url, OPENAI_API_KEY: KEY, AI_MODEL: 'scripted' },
    tasks: {},
    ...options,
    policy: { ...QUICK, ...options.policy },
  })
}

/** One model of each wire format at `url`. */
export function openFormatAt(
  provider: 'anthropic' | 'openai' | 'openai-compatible',
  url: string,
): Promise<Llm> {
  const keys = { ANTHROPIC_API_KEY: KEY, OPENAI_API_KEY: KEY }
  const env = { ...keys, AI_PROVIDER: provider, ANTHROPIC_BASE_URL: url, OPENAI_BASE_URL: url }
  return openAt(url, { env: { ...env, AI_MODEL: 'scripted' } })
}

export const question: Question = {
  system: 'You are brief.',
  prompt: 'Say hello.',
  heuristic: { task: 'greet', input: 'hello' },
}

/** Reads a whole stream: what was shown, and the error that ended it. */
export async function collectStream(
  llm: Llm,
  asked: Question = question,
): Promise<{ shown: string; error: unknown }> {
  let shown = ''
  try {
    for await (const text of streamAnswer(llm, asked)) shown += text
    return { shown, error: undefined }
  } catch (error) {
    return { shown, error }
  }
}
