import { createCommand } from '#kit/command/command'
import { createExtractor } from './extractor.ts'
import { readFields } from './fields.ts'
import { PATTERN_NAMES } from './prompts.ts'

/** The command line: kit/command reads options and documents and prints results; this says what it runs. */
export const run = createCommand({ readFields, createExtractor, patterns: PATTERN_NAMES })
