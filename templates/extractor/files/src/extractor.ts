import type { Extractor } from '#kit/command/extractor'
import type { ObjectField } from '#kit/fields/field'
import type { Llm } from '#kit/llm/model'
import { StructuredOutput } from '#kit/structured/output'
import { extract } from './extract.ts'
import { type Extraction, identify, type Setup } from './extraction.ts'
import type { PatternName } from './prompts.ts'
import { buildRequestSchema } from './request-schema.ts'

/** Sets up what is the same for every document of a run, once. */
export function createExtractor(llm: Llm, root: ObjectField, pattern: PatternName): Extractor<Extraction> {
  const output = new StructuredOutput(llm)
  const setup: Setup = { llm, root, pattern, output, schema: buildRequestSchema(root) }
  return {
    identify: (document) => identify(document, setup),
    extract: (document, options) => extract(document, setup, options),
  }
}
