import type { JSONValue } from '@ai-sdk/provider'
import type { ModelMessage } from 'ai'
import { checkAnswer } from '../check.ts'
import { Source } from '../evidence.ts'
import type { ObjectField } from '../fields.ts'
import { ConfigError } from '../llm/errors.ts'
import { EXAMPLES } from './examples.ts'
import { type PromptPattern, question } from './pattern.ts'

/**
 * Finished examples as earlier turns, before the real document: they show what rules leave open, above all when to leave a field
 * empty. Every call pays for them.
 */
export const fewShot: PromptPattern = {
  messages: ({ document, root }) => [
    ...EXAMPLES.flatMap((example, index): ModelMessage[] => [
      { role: 'user', content: question(example.document) },
      { role: 'assistant', content: JSON.stringify(fitting(root, example, index)) },
    ]),
    { role: 'user', content: question(document) },
  ],
}

/** An example that breaks the rules would teach to break them. Throws a `ConfigError`. */
function fitting(
  root: ObjectField,
  { document, answer }: (typeof EXAMPLES)[number],
  index: number,
): JSONValue {
  const { issues } = checkAnswer(root, answer, new Source(document))
  const [problem] = issues.filter(({ code }) => code !== 'unclear')
  if (problem === undefined) return answer
  const what = `src/prompts/examples.ts: example ${index + 1} does not fit the schema: ${problem.path}: ${problem.message}`
  throw new ConfigError(what, 'Write examples for your schema, or use another pattern with --prompt.')
}
