import { type PromptPattern, question } from './pattern.ts'

/** The rules and the document, nothing else. Cheap, and with structured output often enough. */
export const zeroShot: PromptPattern = {
  messages: ({ document }) => [{ role: 'user', content: question(document) }],
}
