import { Readable } from 'node:stream'
import * as z from 'zod'
import { loadEnv } from '#kit/console/env'
import { readShownDocuments } from '#kit/documents/inputs'
import { containsNone, factsKept, lengthBetween, noInventedNumbers } from '#kit/evals/graders'
import { evalCase, type Grader, type Suite } from '#kit/evals/suite'
import { openLlm } from '#kit/llm/model'
import { offlineTasks } from '#kit/offline/tasks'
import { LENGTHS, STYLES } from '../src/request.ts'
import { summarise } from '../src/summarise.ts'

const summaryCase = evalCase.extend({
  /** A file in evals/documents. */
  document: z.string().regex(/^[\w-]+\.(?:md|txt)$/),
  length: z.enum(LENGTHS),
  style: z.enum(STYLES),
  /** What a good summary keeps, decided by reading the document: for each fact the spellings that count. */
  facts: z.array(z.array(z.string()).min(1)).min(3),
  /** What an instruction hidden in the document wants said. */
  forbidden: z.array(z.string()).optional(),
  /**
   * Pretend that the model reads no more tokens than this, so that reading in parts is evaluated with any
   * model.
   */
  contextWindow: z.int().positive().optional(),
  minWords: z.int().positive(),
  maxWords: z.int().positive(),
})
type SummaryCase = z.infer<typeof summaryCase>

/** Not every fact: a summary that keeps four of six is of use, one that keeps two is not. */
const FACTS_WANTED = 0.6

const facts = factsKept<SummaryCase>({ facts: (testCase) => testCase.facts, atLeast: FACTS_WANTED })
const length = lengthBetween<SummaryCase>({
  min: ({ minWords }) => minWords,
  max: ({ maxWords }) => maxWords,
})

const gradeNumbers: Grader<SummaryCase> = async (output, testCase) =>
  noInventedNumbers<SummaryCase>({ source: await readSampleDocument(testCase) })(output, testCase)

const notObeyed = containsNone<SummaryCase>({ texts: ({ forbidden = [] }) => forbidden })

export const suite: Suite<SummaryCase> = {
  name: 'summaries',
  schema: summaryCase,
  cases: 'evals/cases.jsonl',
  prompts: ['src/prompts.ts'],
  graders: { facts, gradeNumbers, length, notObeyed },
  open: () => openLlm({ env: loadEnv(process.cwd(), process.env), tasks: offlineTasks }),
  async answer(testCase, llm, signal) {
    const { length, style, contextWindow = llm.contextWindow } = testCase
    const request = { text: await readSampleDocument(testCase), length, style }
    let summary = ''
    for await (const delta of summarise({ ...llm, contextWindow }, request, { signal })) summary += delta
    return summary
  },
  files: ({ document }) => [`evals/documents/${document}`],
  echo: readSampleDocument,
}

/** Evals run from the root of the repository, as npm does. */
async function readSampleDocument({ document }: SummaryCase): Promise<string> {
  const [read] = await readShownDocuments([`evals/documents/${document}`], Readable.from([]))
  return read?.text ?? ''
}
