import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '#kit/console/replace-file'
import { CannotRunError, toErrorMessage } from './errors.ts'
import { appendHistory, type Blessing } from './history.ts'
import { type EvalRun, evalReport, providerSchema, roundScore } from './report.ts'

const baselineCase = z.strictObject({
  id: z.string(),
  caseHash: z.string(),
  outcome: z.enum(['pass', 'fail']),
  score: z.number().min(0).max(1),
  weight: z.number().positive().optional(),
})

const baselineSchema = z.strictObject({
  schema: z.literal('eval-baseline.v1'),
  provider: providerSchema,
  hashes: evalReport.shape.hashes.omit({ cases: true }),
  cases: z
    .array(baselineCase)
    .min(1)
    .refine((cases) => new Set(cases.map(({ id }) => id)).size === cases.length, 'an id stands there twice'),
})

/** The committed results, case by case, that new runs are compared with. */
export type Baseline = z.infer<typeof baselineSchema>

/** Returns null if there is no baseline. Throws `CannotRunError` if it is invalid. */
export async function readBaseline(root: string, path: string): Promise<Baseline | null> {
  const text = await readBaselineFile(join(root, path))
  if (text === null) return null
  try {
    return baselineSchema.parse(JSON.parse(text))
  } catch (error) {
    const problem = `${path} is not a baseline: ${toErrorMessage(error)}`
    throw new CannotRunError(problem, 'Restore it from git, or delete it and run: npm run eval:bless')
  }
}

/**
 * Turns a run into a baseline.
 * Throws `CannotRunError` for a run with errors, because later runs can't be compared with an unknown result.
 */
export function createBaseline(run: EvalRun): Baseline {
  const { graders, prompts, harness } = run.hashes
  const cases = run.cases.map(({ id, caseHash, outcome, score, weight }) => {
    if (outcome === 'error' || score === null) {
      throw new CannotRunError(
        `not blessed: ${id} could not be answered or graded`,
        'Fix it, then bless again',
      )
    }
    return { id, caseHash, outcome, score: roundScore(score), ...(weight !== undefined && { weight }) }
  })
  cases.sort((a, b) => (a.id < b.id ? -1 : 1))
  return { schema: 'eval-baseline.v1', provider: run.provider, hashes: { graders, prompts, harness }, cases }
}

/**
 * Writes the baseline and appends a line to the history. Returns false and writes nothing if the committed
 * file already says the same, so that git stays clean. Throws `CannotRunError` for a run with errors.
 */
export async function writeBaseline(
  root: string,
  file: string,
  run: EvalRun,
  blessing: Blessing,
): Promise<boolean> {
  const path = join(root, file)
  const text = formatBaseline(createBaseline(run))
  if ((await readBaselineFile(path)) === text) return false
  await appendHistory(root, run, blessing)
  await replaceFile(path, text)
  return true
}

/** Returns the path of a provider's baseline from the repo root. */
export function getBaselinePath(
  { baseline = 'evals/baseline' }: { baseline?: string },
  provider: string,
): string {
  return `${baseline}.${provider}.json`
}

/** Puts one case on each line, so that the diff of a bless lists the cases it changed. */
function formatBaseline({ cases, ...head }: Baseline): string {
  const lines = cases.map((result) => `    ${JSON.stringify(result)}`)
  return JSON.stringify(head, null, 2).replace(/\n}$/, `,\n  "cases": [\n${lines.join(',\n')}\n  ]\n}\n`)
}

async function readBaselineFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
