import type { LanguageModelV3Prompt } from '@ai-sdk/provider'
import { estimateTokenCount } from 'tokenx'

/**
 * Tokens in a text, estimated without any provider's tokenizer. Good enough for budgets and chunking; what a call
 * really used is reported by the provider (`usage.ts`).
 */
export function estimateTokens(text: string): number {
  return estimateTokenCount(text)
}

/** Estimated tokens of all text in a prompt. Images and files are not counted. */
export function estimatePromptTokens(prompt: LanguageModelV3Prompt): number {
  return estimateTokens(prompt.map(textOf).join('\n'))
}

function textOf({ content }: LanguageModelV3Prompt[number]): string {
  if (typeof content === 'string') return content
  return content
    .map((part) => (part.type === 'text' ? part.text : part.type === 'file' ? '' : JSON.stringify(part)))
    .join('\n')
}
