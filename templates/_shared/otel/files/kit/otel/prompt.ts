import type { LanguageModelV3Prompt } from '@ai-sdk/provider'
import type { Attributes } from '@opentelemetry/api'
import { ATTR } from './names.ts'

/**
 * Encodes a prompt as the conventions require: JSON in attributes, with instructions apart from messages. Of
 * a part that is not text, it keeps only the type.
 */
export function promptContent(prompt: LanguageModelV3Prompt): Attributes {
  const instructions = prompt.flatMap(({ role, content }) =>
    role === 'system' ? [{ type: 'text', content }] : [],
  )
  const messages = prompt.flatMap((message) =>
    message.role === 'system' ? [] : [{ role: message.role, parts: message.content.map(toPart) }],
  )
  return {
    [ATTR.systemInstructions]: JSON.stringify(instructions),
    [ATTR.inputMessages]: JSON.stringify(messages),
  }
}

function toPart(part: { type: string; text?: string }): { type: string; content?: string } {
  return part.text === undefined ? { type: part.type } : { type: part.type, content: part.text }
}
