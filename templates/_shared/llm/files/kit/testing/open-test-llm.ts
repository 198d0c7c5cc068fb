import type { ModelQuestion } from '../llm/answer.ts'
import { streamAnswer } from '../llm/answer.ts'
import type { Llm, LlmOptions } from '../llm/model.ts'
import { openLlm } from '../llm/model.ts'

/** Matches no pattern that secret scanners look for. */
export const KEY = 'test-only/secret+value=0123456789'

/** The production policy with shorter times, so that tests of it are fast. */
export const QUICK = {
  totalMs: 2_000,
  firstTokenMs: 400,
  idleMs: 200,
  maxRetries: 2,
  minDelayMs: 2,
  baseDelayMs: 5,
  maxDelayMs: 50,
}

/** Opens the model of an OpenAI-compatible server at `url`. */
export function openAt(url: string, options: Partial<LlmOptions> = {}): Promise<Llm> {
  return openLlm({
    env: { OPENAI_BASE_URL: url, OPENAI_API_KEY: KEY, AI_MODEL: 'scripted' },
    tasks: {},
    ...options,
    policy: { ...QUICK, ...options.policy },
  })
}

/** Opens a model that uses the wire format of `provider` with a server at `url`. */
export function openFormatAt(
  provider: 'anthropic' | 'openai' | 'openai-compatible',
  url: string,
): Promise<Llm> {
  const keys = { ANTHROPIC_API_KEY: KEY, OPENAI_API_KEY: KEY }
  const env = { ...keys, AI_PROVIDER: provider, ANTHROPIC_BASE_URL: url, OPENAI_BASE_URL: url }
  return openAt(url, { env: { ...env, AI_MODEL: 'scripted' } })
}

export const question: ModelQuestion = {
  system: 'You are brief.',
  prompt: 'Say hello.',
  heuristic: { task: 'greet', input: 'hello' },
}

/** Reads a whole stream. Returns the text shown, and the error that ended it. */
export async function collectStream(
  llm: Llm,
  asked: ModelQuestion = question,
): Promise<{ shown: string; error: unknown }> {
  let shown = ''
  try {
    for await (const text of streamAnswer(llm, asked)) shown += text
    return { shown, error: undefined }
  } catch (error) {
    return { shown, error }
  }
}
