import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '#kit/console/replace-file'
import { CannotRunError, toErrorMessage } from './errors.ts'
import type { EvalRun, Gate, Provider } from './report.ts'

/** The public record of the scores. Committed, unlike the rest of its folder. */
const HISTORY = 'reports/history.jsonl'

const count = z.int().min(0)

/** One blessing. Earlier versions didn't write the optional keys. */
const entrySchema = z.object({
  at: z.iso.datetime(),
  commit: z.string().nullable(),
  suite: z.string(),
  provider: z.string(),
  model: z.string(),
  passed: count,
  total: count,
  meanScore: z.number().nullable(),
  p50LatencyMs: count.optional(),
  costUsd: z.number().nullable().optional(),
  reason: z.string().optional(),
  gained: z.array(z.string()).optional(),
  lost: z.array(z.string()).optional(),
})
export type HistoryEntry = z.infer<typeof entrySchema>

/**
 * Reads the history, oldest first; empty before the first blessing.
 * Throws `CannotRunError` for an invalid line.
 */
export async function readHistory(root: string): Promise<HistoryEntry[]> {
  const lines = (await readHistoryFile(root)).split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [entrySchema.parse(JSON.parse(line))]
    } catch (error) {
      const problem = `${HISTORY}:${index + 1} is not an entry: ${toErrorMessage(error)}`
      throw new CannotRunError(problem, 'Restore it from git')
    }
  })
}

/**
 * Finds latency and cost at the last blessing of the same suite, provider and model; undefined before the
 * first. Throws `CannotRunError` if the history is invalid.
 */
export async function findLastBlessing(
  root: string,
  suite: string,
  { name, model }: Provider,
): Promise<Gate['before']> {
  const entries = await readHistory(root)
  const last = entries.findLast(
    (entry) => entry.suite === suite && entry.provider === name && entry.model === model,
  )
  if (last?.p50LatencyMs === undefined) return undefined
  return { at: last.at, p50LatencyMs: last.p50LatencyMs, costUsd: last.costUsd ?? null }
}

export interface Blessing {
  at: Date
  reason: string | null
  gained: readonly string[]
  lost: readonly string[]
}

/** Appends a line to the history, even if the file lacks a final line break. */
export async function appendHistory(root: string, run: EvalRun, blessing: Blessing): Promise<void> {
  const { passed, total, meanScore, p50LatencyMs, costUsd } = run.summary
  const { name: provider, model } = run.provider
  const { reason, gained, lost } = blessing
  const entry = {
    ...{ at: blessing.at.toISOString(), commit: run.commit, suite: run.name, provider, model },
    ...{ passed, total, meanScore, p50LatencyMs, costUsd },
    ...(reason !== null && { reason }),
    ...(gained.length > 0 && { gained }),
    ...(lost.length > 0 && { lost }),
  }
  const history = await readHistoryFile(root)
  const complete = history === '' || history.endsWith('\n') ? history : `${history}\n`
  await replaceFile(join(root, HISTORY), `${complete}${JSON.stringify(entry)}\n`)
}

async function readHistoryFile(root: string): Promise<string> {
  try {
    return await readFile(join(root, HISTORY), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
