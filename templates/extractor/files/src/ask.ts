import { generateText, type LanguageModelUsage, type ModelMessage, NoObjectGeneratedError } from 'ai'
import type { Document } from '#kit/console/input'
import { nameTask, PASSAGES_TASK } from '#kit/offline/tasks'
import { limitOutputTokens, refuseTooLong } from '#kit/structured/limits'
import type { Setup } from './extraction.ts'
import { describeSchema, SYSTEM } from './prompts.ts'

/**
 * The calls for one document. Both methods give the answer as the model wrote it, and throw an `LlmError` or
 * the signal's reason.
 */
export interface Calls {
  /** Asks for data of the schema. */
  askData(messages: readonly ModelMessage[]): Promise<string>
  /** Asks for plain text. */
  askText(prompt: string): Promise<string>
  /** Tokens of each call so far. */
  used: readonly LanguageModelUsage[]
}

interface Request {
  system: string
  messages: readonly ModelMessage[]
  /** The heuristic provider reads no prompt: it gets this task and the document. */
  task: string
}

/** Throws an `LlmError` when the document is too long for the model. */
export function openCalls(document: Document, setup: Setup, signal: AbortSignal | undefined): Calls {
  const { llm, root, schema, pattern, output } = setup
  refuseTooLong(llm, document, [SYSTEM, JSON.stringify(schema), JSON.stringify(schema)])
  const used: LanguageModelUsage[] = []

  async function send({ system, messages, task }: Request, settings: object): Promise<string> {
    const answer = await generateText({
      model: llm.model,
      system,
      messages: [...messages],
      maxOutputTokens: limitOutputTokens(llm),
      // kit/llm retries; the SDK's own retries would multiply with those.
      maxRetries: 0,
      providerOptions: { heuristic: { task, input: document.text } },
      ...(signal && { abortSignal: signal }),
      ...settings,
    }).catch(keepText)
    used.push(answer.totalUsage)
    return answer.text
  }

  return {
    used,
    askText: (prompt) =>
      send({ system: SYSTEM, messages: [{ role: 'user', content: prompt }], task: PASSAGES_TASK }, {}),
    askData(messages) {
      const isReasoned = pattern === 'reason-first'
      const described = `${SYSTEM}\n\n${describeSchema(schema, isReasoned)}`
      // A compatible server may ignore the schema of a request, so the prompt has it as well.
      const system = isReasoned || llm.provider === 'openai-compatible' ? described : SYSTEM
      const request = { system, messages, task: nameTask(root) }
      // Structured output leaves no room in front of the JSON, so reasoning has to do without.
      if (isReasoned) return send(request, {})
      return output.request(schema, (settings) => send(request, settings))
    },
  }
}

/**
 * The SDK parses the answer too and throws when it can't. `review.ts` is the judge of that, so all that
 * counts here is the text.
 */
function keepText(error: unknown): { text: string; totalUsage: LanguageModelUsage } {
  if (!NoObjectGeneratedError.isInstance(error) || error.text === undefined || !error.usage) throw error
  return { text: error.text, totalUsage: error.usage }
}
