import * as z from 'zod/mini'
import { describeMeasures, type Measures, measureFields, nameModel } from './measures.ts'

const reportData = z.looseObject({
  suite: z.string(),
  passed: z.number(),
  total: z.number(),
  own: z.array(z.string()),
  ownPassed: z.number(),
  provider: z.looseObject({ model: z.string() }),
  ...measureFields,
})
const baselineData = z.looseObject({
  suite: z.string(),
  model: z.string(),
  passed: z.number(),
  paired: z.number(),
  heuristic: z.number(),
  /** A program of the learner's choice answered, which only the learner can say is a model. */
  selfReported: z.optional(z.literal(true)),
  ...measureFields,
})
export const evidence = z.union([reportData, baselineData])
type ReportData = z.infer<typeof reportData>
type BaselineData = z.infer<typeof baselineData>
export type EvalData = ReportData | BaselineData
export function describeEval(data: EvalData): { label: string; text: string } {
  return isOfReport(data) ? describeReport(data) : describeBaseline(data)
}

function isOfReport(data: EvalData): data is ReportData {
  return 'own' in data
}

function describeReport({ suite, passed, total, own, ownPassed, provider, ...measures }: ReportData) {
  const mine = own.length > 0 ? `; ${ownPassed} of the ${own.length} that I wrote` : ''
  const score = `${passed}/${total} test questions pass${mine} (${nameModel(provider.model)})`
  return { label: `Evals: ${suite}`, text: addMeasures(score, measures) }
}

function describeBaseline(data: BaselineData) {
  const { suite, model, passed, paired, heuristic, selfReported, ...measures } = data
  const label = selfReported ? ' (self-reported)' : ''
  const score = `${model}${label} ${passed}/${paired}, rules without a model ${heuristic}/${paired}, same test questions`
  return { label: `Model: ${suite}`, text: addMeasures(score, measures) }
}

function addMeasures(score: string, measures: Measures): string {
  const text = describeMeasures(measures)
  return text === '' ? score : `${score}; ${text}`
}
