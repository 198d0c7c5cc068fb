import type { LanguageModelV3Prompt } from '@ai-sdk/provider'
import { estimateTokenCount } from 'tokenx'

/**
 * Estimates the tokens of a text without a provider's tokenizer. Good enough for budgets and chunking; the
 * provider reports what a call really used (`usage.ts`).
 */
export function estimateTokens(text: string): number {
  return estimateTokenCount(text)
}

/** An unknown tokenizer can make a third more tokens than estimated. */
const MARGIN = 1.35
/** Hashes, keys, base64: a tokenizer finds no words in them, but the estimate counts each as one word. */
const DENSE = /[\w+/=-]{20,}/g

/**
 * Returns more tokens than a text is likely to have, for limits that must hold. The estimate alone is up to
 * six times too low for Thai, five for Hindi and four for hexadecimal (measured against OpenAI's
 * cl100k_base). Scripts that are rare on the web can still exceed the result.
 */
export function estimateMaxTokens(text: string): number {
  const denseChars = text.match(DENSE)?.reduce((sum, run) => sum + run.length, 0) ?? 0
  const otherBytes = Buffer.byteLength(text) - text.replace(/[^\0-\x7f]/g, '').length
  return Math.ceil(estimateTokens(text) * MARGIN + denseChars / 1.4 + otherBytes / 2.5)
}

/** All text in a prompt. Images and files are left out. */
export function promptText(prompt: LanguageModelV3Prompt): string {
  return prompt.map(toMessageText).join('\n')
}

/** Estimated tokens of `promptText`. */
export function estimatePromptTokens(prompt: LanguageModelV3Prompt): number {
  return estimateTokens(promptText(prompt))
}

function toMessageText({ content }: LanguageModelV3Prompt[number]): string {
  if (typeof content === 'string') return content
  return content
    .map((part) => (part.type === 'text' ? part.text : part.type === 'file' ? '' : JSON.stringify(part)))
    .join('\n')
}
