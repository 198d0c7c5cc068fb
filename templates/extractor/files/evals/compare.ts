import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { type Io, note, runMain, write } from '../src/console/process.ts'
import { PATTERN_NAMES, type PatternName } from '../src/prompts/patterns.ts'
import { replaceFile } from '../src/results.ts'
import { type FieldScore, type Metrics, metricsOf, type Outcome, scoreFields } from './score.ts'
import { answerCase, type ExtractionCase, extractionCase, open } from './suite.ts'

/** All cases, asked in one way. */
interface Run {
  pattern: string
  scores: readonly (FieldScore & { schema: string })[]
  failed: number
  calls: number
  tokens: number
  costUsd: number | null
}

const CONCURRENCY = 4

/** Every prompt pattern on every case, side by side, and how each field did. To look at: the gate is `npm run eval`. */
async function compare(_args: readonly string[], io: Io): Promise<void> {
  const lines = (await readFile('evals/cases.jsonl', 'utf8')).split('\n').filter((line) => line.trim() !== '')
  const cases = lines.map((line) => extractionCase.parse(JSON.parse(line)))
  const { deterministic, provider, modelId } = await open()
  const runs: Run[] = []
  for (const pattern of deterministic ? PATTERN_NAMES.slice(0, 1) : PATTERN_NAMES) {
    note(io, `${pattern}: ${cases.length} cases`)
    runs.push(await runPattern(cases, pattern, deterministic ? 'any prompt' : pattern, io.signal))
  }
  const remark = deterministic
    ? 'The heuristic provider reads no prompt, so prompts do not change it. Set a provider in .env to compare them.'
    : `The differences are measured on ${cases.length} documents: run it twice before you believe a small one.`
  const page = `# Prompts compared: ${provider} / ${modelId}\n\n${patternTable(runs)}\n\n${remark}\n\n${runs.map(fieldTable).join('\n\n')}\n`
  await replaceFile(join(io.directory, 'reports/prompts.md'), page)
  await write(io.stdout, page)
}

async function runPattern(
  cases: readonly ExtractionCase[],
  pattern: PatternName,
  name: string,
  signal: AbortSignal,
): Promise<Run> {
  const llm = await open()
  const scores: Run['scores'][number][] = []
  let failed = 0
  const queue = cases.values()
  const worker = async () => {
    for (const testCase of queue) {
      const { data } = answerShape.parse(JSON.parse(await answerCase(testCase, llm, pattern, signal)))
      if (data === undefined) failed += 1
      scores.push(...scoreFields(data, testCase).map((score) => ({ ...score, schema: testCase.schema })))
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  const { calls, inputTokens, outputTokens, costUsd } = llm.meter.total()
  return { pattern: name, scores, failed, calls, tokens: inputTokens + outputTokens, costUsd }
}

const answerShape = z.object({ data: z.json().optional() })
const OUTCOMES: readonly Outcome[] = ['exact', 'normalised', 'missing', 'wrong', 'hallucinated']

function patternTable(runs: readonly Run[]): string {
  const rows = runs.map(({ pattern, scores, failed, calls, tokens, costUsd }) => {
    const cost = costUsd === null ? 'unknown' : `$${Number(costUsd.toPrecision(3))}`
    return [pattern, ...cellsOf(metricsOf(scores)), failed, calls, tokens.toLocaleString('en-US'), cost]
  })
  return table(['prompt', ...OUTCOMES, 'precision', 'recall', 'no answer', 'calls', 'tokens', 'cost'], rows)
}

function fieldTable({ pattern, scores }: Run): string {
  const names = [...new Set(scores.map(({ schema, field }) => `${schema}: ${field}`))].sort()
  const rows = names.map((name) => {
    const own = scores.filter(({ schema, field }) => `${schema}: ${field}` === name)
    return [name, ...cellsOf(metricsOf(own))]
  })
  return `## ${pattern}, by field\n\n${table(['field', ...OUTCOMES, 'precision', 'recall'], rows)}`
}

function cellsOf({ outcomes, precision, recall }: Metrics): (string | number)[] {
  const share = (value: number | null) => (value === null ? '-' : value.toFixed(2))
  return [...OUTCOMES.map((outcome) => outcomes[outcome]), share(precision), share(recall)]
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

await runMain(compare)
