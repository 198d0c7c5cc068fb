import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { defineGrader, fail, pass } from './grader.ts'
import { type Json, parseJsonAnswer } from './json-answer.ts'
import { limitTime } from './time-limit.ts'

const MOST_MS = 1_000

const schema = z.union([z.boolean(), z.record(z.string(), z.json())]).superRefine((value, context) => {
  try {
    compile(value)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
  }
})

/** The answer is JSON that the schema (draft 2020-12) allows. */
export const jsonSchema = defineGrader('json-schema', { schema }, ({ schema }, { text }) => {
  const answer = parseJsonAnswer(text)
  if ('problem' in answer) return fail(answer.problem)
  const validate = compile(schema)
  if (limitTime(MOST_MS, () => validate(answer.value))) return pass('as the schema wants')
  const problems = validate.errors ?? []
  const all = problems.map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
  return fail(all.slice(0, 3).join('; '))
})

let validator: Ajv2020 | undefined

/** Strict mode: a misspelt keyword, or one without effect, would let every answer pass. */
function compile(schema: boolean | Record<string, Json>) {
  validator ??= new Ajv2020({
    ...{ strict: true, allowUnionTypes: true, allErrors: true, validateFormats: false, logger: false },
    addUsedSchema: false, // two cases may use the same $id
  })
  return validator.compile(schema)
}
