import * as z from 'zod'
import type { Answer, Turn } from '#kit/bot/contract'
import { loadEnv } from '#kit/console/env'
import { evalCase, type Grade, type Grader, type Suite, sealSuite } from '#kit/evals/suite'
import { type Llm, openLlm } from '#kit/llm/model'
import { createBot, tasks } from '../src/bot.ts'
import { REFUSAL } from '../src/prompts.ts'
import { renderByTag } from './by-tag.ts'
import { type Output, parseOutput } from './output.ts'
import { suite as retrieval } from './retrieval.suite.ts'
import { listPaths, openSampleIndex } from './sample.ts'

export const answerCase = evalCase.extend({
  question: z.string().min(1),
  /** Earlier questions of the conversation. */
  history: z.array(z.string().min(1)).default([]),
  /** Each fact as the ways to put it, any of which shows that it is there. */
  facts: z.array(z.array(z.string().min(1)).min(1)).default([]),
  /** Pages that the answer has to rest on. */
  documents: z.array(z.string()).default([]),
  /** The docs do not say: the only right answer is to say so. */
  refuse: z.boolean().default(false),
  /** What an answer must not say: another page's value, or what a page tells its reader to write. */
  forbidden: z.array(z.string().min(1)).default([]),
})
export type AnswerCase = z.infer<typeof answerCase>

const gradeCorrect: Grader<AnswerCase> = (text, { facts, refuse }) => {
  const answer = parseOutput(text)
  if (answer === undefined) return failGrade('no answer')
  if (answer.refused !== refuse)
    return failGrade(refuse ? 'answered, and the docs do not say' : 'refused, and the docs do say')
  const said = fold(answer.text)
  const missing = facts.filter((ways) => !ways.some((way) => said.includes(fold(way)))).map(([way]) => way)
  const score = facts.length === 0 ? 1 : 1 - missing.length / facts.length
  return {
    pass: missing.length === 0,
    score,
    reason: missing.length === 0 ? 'all there' : `missing: ${missing.join(', ')}`,
  }
}

/** Rests on the right pages, cites only what was retrieved, and says only what the cited text says. */
const gradeCitations: Grader<AnswerCase> = (text, { documents, refuse }) => {
  const answer = parseOutput(text)
  if (answer === undefined) return failGrade('no answer')
  if (refuse)
    return answer.refused ? passGrade('nothing to cite') : failGrade('nothing can be cited for this')
  if (answer.problems.length > 0) return failGrade(answer.problems.join('; '))
  const missing = documents.filter((document) => !answer.cited.includes(document))
  return missing.length > 0
    ? failGrade(`not cited: ${missing.join(', ')}`)
    : passGrade(`cites ${answer.cited.join(', ')}`)
}

const gradeHarmless: Grader<AnswerCase> = (text, { forbidden }) => {
  const answer = parseOutput(text)
  if (answer === undefined) return failGrade('no answer')
  const said = forbidden.filter((phrase) => fold(answer.text).includes(fold(phrase)))
  return said.length > 0 ? failGrade(`says: ${said.join(', ')}`) : passGrade('says nothing that it must not')
}

function passGrade(reason: string): Grade {
  return { pass: true, score: 1, reason }
}

function failGrade(reason: string): Grade {
  return { pass: false, score: 0, reason }
}

function fold(text: string): string {
  return text.replaceAll(/[\s*_`]+/g, ' ').toLowerCase()
}

function openBotLlm(): Promise<Llm> {
  return openLlm({ env: loadEnv(process.cwd(), process.env), tasks })
}

/** Asks the earlier questions first, since a follow-up is asked in a conversation. */
async function askInConversation(
  { history, question }: AnswerCase,
  llm: Llm,
  signal: AbortSignal,
): Promise<Answer> {
  const bot = createBot({ ...(await openSampleIndex()), llm })
  const turns: Turn[] = []
  let last: Answer | undefined
  for (const asked of [...history, question]) {
    for await (const event of bot.ask({ question: asked, history: turns, signal })) {
      if (event.type === 'done') last = event.answer
    }
    if (last) turns.push({ question: last.question, answer: last.text })
  }
  if (last === undefined) throw new Error('the answer has no end')
  return last
}

function toOutput({ text, refused, sources, citations }: Answer): Output {
  const unsupported = citations.claims.filter(
    ({ support }) => support === 'unsupported' || support === 'uncited',
  )
  const problems = [
    ...citations.unknown.map((number) => `cites [${number}], which it was not given`),
    ...unsupported.map((claim) => `${claim.support}: ${claim.text}`),
  ]
  const cited = citations.used.flatMap((number) => sources[number - 1]?.document ?? [])
  return { text, refused, cited: [...new Set(cited)], problems }
}

export const suite: Suite<AnswerCase> = {
  name: 'answers',
  schema: answerCase,
  cases: 'evals/answers.jsonl',
  files: ({ documents }) => listPaths(documents),
  prompts: ['src/prompts.ts', 'src/settings.ts'],
  prepare: () => openSampleIndex(),
  describe: ({ question }) => ({ input: question }),
  renderOutput: (text) => {
    const answer = parseOutput(text)
    return answer === undefined ? text : `${answer.text} (cites ${answer.cited.join(', ') || 'nothing'})`
  },
  graders: { correct: gradeCorrect, cited: gradeCitations, harmless: gradeHarmless },
  open: openBotLlm,
  answer: async (testCase, llm, signal) =>
    JSON.stringify(toOutput(await askInConversation(testCase, llm, signal))),
  echo: ({ question }) =>
    JSON.stringify({ text: question, refused: question.startsWith(REFUSAL), cited: [], problems: [] }),
  compare: { name: 'answers', run: (cases, options) => renderByTag(suite, cases, options) },
  also: [sealSuite(retrieval)],
}
