import type { JSONValue } from '@ai-sdk/provider'
import { CannotRunError } from '#kit/evals/errors'
import { answer } from '#kit/llm/answer'
import { isUnusableAnswer } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'
import type { UsageTotal } from '#kit/llm/usage'

/** An answer to be judged, and what the judge may compare it with. */
export interface Judged {
  question: string
  reference?: string | undefined
  answer: string
  sources: readonly string[]
}

export interface JudgePrompt {
  system: string
  prompt: string
  /**
   * Begins the line of the verdict. It is a hash of all that is judged, so no text in the prompt can hold it.
   */
  mark: string
}

/** The judge gave no usable verdict. The case is an error: it is neither 0 nor a pass. */
export class JudgeError extends CannotRunError {
  constructor(message: string) {
    super(message, 'npm run judge:check asks the judge alone')
  }
}

/** The judge was asked about one answer and gave no verdict, which says something about the judge. */
export class RefusalError extends JudgeError {}

/** What is judged, as data, for a judge that does not read prompts. */
export type Material = { kind: 'score' | 'prefer' } & Record<string, JSONValue>

/** The source of verdicts: a model, or a recording of one. */
export interface Voice {
  name: string
  say(prompt: JudgePrompt, material: Material, signal: AbortSignal): Promise<string>
  /** What its calls have used so far; absent where no model is asked. */
  used?(): Pick<UsageTotal, 'calls' | 'inputTokens' | 'outputTokens' | 'costUsd'>
}

/**
 * A language model; with the heuristic provider, one that compares words, under a name that is no model's.
 */
export function openModelVoice(llm: Llm): Voice {
  return {
    name: llm.provider === 'heuristic' ? 'heuristic judge' : `${llm.provider} / ${llm.modelId}`,
    say: ({ system, prompt, mark }, material, signal) =>
      answer(llm, {
        ...{ system, prompt, temperature: 0, signal },
        heuristic: { task: 'judge', input: { ...material, mark } },
      }).catch((error: unknown) => {
        // A filtered, cut or empty answer is one without a verdict, and is recorded as that.
        if (isUnusableAnswer(error)) return ''
        throw error
      }),
    ...(llm.provider !== 'heuristic' && { used: () => llm.meter.total() }),
  }
}
