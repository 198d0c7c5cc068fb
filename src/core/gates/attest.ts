import * as z from 'zod/mini'
import { amount, common, line } from './fields.ts'
import { fail } from './finding.ts'
import { defineKind } from './kind.ts'

export interface AttestFacts {
  /** The learner's answer, given with the command. */
  answer: string | undefined
}

/** What no program can check: the learner's own statement, labelled as such wherever it appears. */
export const attest = defineKind({
  schema: z.strictObject({
    ...common,
    kind: z.literal('attest'),
    question: line,
    minLength: z._default(amount, 20),
  }),
  codes: ['no-answer', 'too-short'],
  evidence: z.looseObject({ answer: z.string() }),
  isScored: true,
  judge(gate, { answer }: AttestFacts) {
    const wanted = gate.question
    const text = answer?.trim() ?? ''
    if (text === '') return fail('no-answer', { found: 'no answer yet', wanted })
    if (text.length < gate.minLength)
      return fail('too-short', { found: `${text.length} characters`, wanted: `${gate.minLength} or more` })
    return { result: 'attested', code: null, found: text, wanted, where: null, data: { answer: text } }
  },
  portfolio: {
    part: 'projects',
    label: 'Own words',
    describe: ({ question }, { answer }) => ({ label: 'Own words', text: `${question} "${answer}"` }),
    findLinks: () => [],
  },
})
