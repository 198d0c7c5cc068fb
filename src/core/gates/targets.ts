import * as z from 'zod/mini'
import { inside } from './fields.ts'

/** `evals/targets.json` of an eval suite, as far as gates read it. */
const targetsFile = z.looseObject({
  targets: z.record(z.string(), z.looseObject({ cases: z.optional(inside) })),
})

export interface CaseTarget {
  name: string
  /** Its own file of cases. */
  cases: string
}

/** The targets that have cases of their own; none in a text that is no such file, which `npm run eval` reports. */
export function listCaseTargets(text: string): CaseTarget[] {
  return Object.entries(parseTargets(text)).flatMap(([name, { cases }]) =>
    cases === undefined ? [] : [{ name, cases }],
  )
}

function parseTargets(text: string): z.infer<typeof targetsFile>['targets'] {
  try {
    return targetsFile.safeParse(JSON.parse(text)).data?.targets ?? {}
  } catch {
    return {} // not JSON
  }
}
