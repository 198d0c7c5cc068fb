import * as z from 'zod'
import { CannotRunError } from '#kit/evals/errors'
import { renderMarkdownTable } from '#kit/evals/print'
import { runParallel } from '#kit/evals/run'
import type { ComparisonOptions } from '#kit/evals/suite'
import { readFields } from '../src/fields.ts'
import { findExampleProblem, PATTERN_NAMES, type PatternName } from '../src/prompts.ts'
import { schema as ownSchema } from '../src/schema.ts'
import { answerCase, type ExtractionCase, openExtractionLlm, SCHEMAS } from './cases.ts'
import { computeMetrics, type FieldScore, type Metrics, type ScoreOutcome, scoreFields } from './score.ts'

/** All cases, asked with one prompt pattern. */
interface Run {
  pattern: string
  scores: readonly FieldScore[]
  failed: number
  calls: number
  tokens: number
  costUsd: number | null
}

/**
 * Runs every prompt pattern on every case of `src/schema.ts` (the schema with few-shot examples) and renders
 * the scores, in total and by field.
 */
export async function comparePrompts(
  all: readonly ExtractionCase[],
  options: ComparisonOptions,
): Promise<string> {
  const cases = all.filter(({ schema }) => SCHEMAS[schema] === ownSchema)
  if (cases.length === 0)
    throw new CannotRunError('none of these cases is of src/schema.ts', 'Compare others, or all', 2)
  const { deterministic, provider, modelId } = await openExtractionLlm()
  const problem = deterministic ? undefined : findExampleProblem(readFields(ownSchema))
  const patterns = PATTERN_NAMES.filter((name) => name !== 'few-shot' || problem === undefined)
  const runs: Run[] = []
  for (const pattern of deterministic ? patterns.slice(0, 1) : patterns) {
    const name = deterministic ? 'any prompt' : pattern
    options.note(`${name}: ${cases.length} cases`)
    runs.push(await runPattern(cases, pattern, name, options))
  }
  const remark = deterministic
    ? 'The heuristic provider reads no prompt, so prompts do not change it. Set a provider in .env to compare them.'
    : `The differences are measured on ${cases.length} documents: run it twice before you believe a small one.`
  const without = problem === undefined ? [] : `Without few-shot: ${problem}`
  const title = `# Prompts compared: ${provider} / ${modelId}`
  return `${[title, renderPatternTable(runs), remark, without, runs.map(renderFieldTable)].flat(2).join('\n\n')}\n`
}

async function runPattern(
  cases: readonly ExtractionCase[],
  pattern: PatternName,
  name: string,
  options: ComparisonOptions,
): Promise<Run> {
  const llm = await openExtractionLlm()
  const results = await runParallel(cases, options, async (testCase) => {
    const { data } = answerShape.parse(JSON.parse(await answerCase(testCase, llm, pattern, options.signal)))
    return { scores: scoreFields(data, testCase), isFailed: data === undefined }
  })
  const { calls, inputTokens, outputTokens, costUsd } = llm.meter.total()
  return {
    pattern: name,
    scores: results.flatMap(({ scores }) => scores),
    failed: results.filter(({ isFailed }) => isFailed).length,
    ...{ calls, tokens: inputTokens + outputTokens, costUsd },
  }
}

const answerShape = z.object({ data: z.json().optional() })
const OUTCOMES: readonly ScoreOutcome[] = ['exact', 'normalised', 'missing', 'wrong', 'hallucinated']

function renderPatternTable(runs: readonly Run[]): string {
  const rows = runs.map(({ pattern, scores, failed, calls, tokens, costUsd }) => {
    const cost = costUsd === null ? 'unknown' : `$${Number(costUsd.toPrecision(3))}`
    return [
      pattern,
      ...formatMetrics(computeMetrics(scores)),
      failed,
      calls,
      tokens.toLocaleString('en-US'),
      cost,
    ]
  })
  return renderMarkdownTable(
    ['prompt', ...OUTCOMES, 'precision', 'recall', 'no answer', 'calls', 'tokens', 'cost'],
    rows,
  )
}

function renderFieldTable({ pattern, scores }: Run): string {
  const names = [...new Set(scores.map(({ field }) => field))].sort()
  const rows = names.map((name) => [
    name,
    ...formatMetrics(computeMetrics(scores.filter(({ field }) => field === name))),
  ])
  return `## ${pattern}, by field\n\n${renderMarkdownTable(['field', ...OUTCOMES, 'precision', 'recall'], rows)}`
}

function formatMetrics({ outcomes, precision, recall }: Metrics): (string | number)[] {
  const share = (value: number | null) => (value === null ? '-' : value.toFixed(2))
  return [...OUTCOMES.map((outcome) => outcomes[outcome]), share(precision), share(recall)]
}
