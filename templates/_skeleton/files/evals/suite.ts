import * as z from 'zod'
import { loadEnv } from '#kit/console/env'
import { contains, lengthBetween } from '#kit/evals/graders'
import { evalCase, type Suite } from '#kit/evals/suite'
import { openLlm } from '#kit/llm/model'
import { offlineTasks } from '#kit/offline/tasks'
import { answerAbout } from '../src/answer.ts'

const answerCase = evalCase.extend({ input: z.string(), wanted: z.array(z.string()).min(1) })
type AnswerCase = z.infer<typeof answerCase>

export const suite: Suite<AnswerCase> = {
  name: 'answers',
  schema: answerCase,
  cases: 'evals/cases.jsonl',
  prompts: ['src/answer.ts'],
  graders: {
    wanted: contains<AnswerCase>({ texts: ({ wanted }) => wanted }),
    length: lengthBetween<AnswerCase>({ min: 3, max: 12 }),
  },
  open: () => openLlm({ env: loadEnv(process.cwd(), process.env), tasks: offlineTasks }),
  async answer({ input }, llm, signal) {
    let text = ''
    for await (const delta of answerAbout(llm, input, signal)) text += delta
    return text
  },
  echo: ({ input }) => input,
}
