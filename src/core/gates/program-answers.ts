import { countNoun } from '../words.ts'
import type { EvalReport } from './eval-report.ts'

/** What a program that AI_PROVIDER=command ran is called, in reports and baselines. */
export function isProgram({ provider, model }: { provider: string; model: string }): boolean {
  return provider === 'command' && model.startsWith('through ')
}

/** The texts that a case gave to the model, by its id. */
export type CaseInputs = ReadonlyMap<string, readonly string[]>

/** Shares of the answers. An honest model may repeat one short text, or agree with the rules on many cases. */
const MOST = { input: 0.5, same: 0.8 }
/** Shorter inputs may stand in an honest answer. In letters and digits. */
const LONG_INPUT = 40

/**
 * Why the answers of a program are no model's: they are the input, all the same, or the heuristic's. A
 * program is the learner's to choose, so nothing else says that a model answered. undefined: none of these.
 */
export function findCopies(
  answers: EvalReport,
  heuristic: EvalReport | undefined,
  inputs: CaseInputs,
): string | undefined {
  const said = answers.cases.map((one) => ({ ...one, text: squeeze(one.output ?? '') }))
  const total = said.length
  const counted = (count: number) => `${count} of ${countNoun(total, 'answer')}`
  const repeated = said.filter((one) =>
    repeatsInput(one.text, [one.input ?? '', ...(inputs.get(one.id) ?? [])]),
  )
  if (repeated.length > total * MOST.input) return `${counted(repeated.length)} repeat the input`
  const most = Math.max(...said.map(({ text }) => said.filter((other) => other.text === text).length))
  if (total > 1 && most >= total * MOST.same) return `${counted(most)} are the same text`
  const rules = new Map(heuristic?.cases.map(({ id, output = '' }) => [id, squeeze(output)]))
  const copied = said.filter(({ id, text }) => rules.get(id) === text)
  return copied.length === total ? `${counted(total)} are the heuristic's` : undefined
}

function repeatsInput(answer: string, inputs: readonly string[]): boolean {
  const texts = inputs.map(squeeze).filter((text) => text !== '')
  return texts.some((text) => answer === text || (text.length >= LONG_INPUT && answer.includes(text)))
}

/** Letters and digits only: another line break or full stop does not make an answer. */
function squeeze(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
