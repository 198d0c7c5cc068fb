import * as z from 'zod/mini'
import { tryParse } from './eval-report.ts'
import { type Measures, measureFields, pickMeasures } from './measures.ts'

/** A baseline has no latency and no cost: those of its run are in the history. */
export function findBlessed(
  history: string | undefined,
  suite: string,
  { provider, model }: { provider: string; model: string },
): Measures {
  const entries = (history ?? '').split('\n').flatMap((line) => parseBlessing(line) ?? [])
  const last = entries.findLast(
    (entry) => entry.suite === suite && entry.provider === provider && entry.model === model,
  )
  return pickMeasures(last ?? {})
}

/** Undefined for a line that is no blessing: the history only adds to a score, it never decides about one. */
function parseBlessing(line: string): z.infer<typeof blessing> | undefined {
  const value = tryParse<unknown>(() => JSON.parse(line))
  return blessing.safeParse(value).data
}

const blessing = z.looseObject({
  suite: z.string(),
  provider: z.string(),
  model: z.string(),
  ...measureFields,
})
