import { answer } from '../llm/answer.ts'
import type { Llm } from '../llm/model.ts'
import { withoutOrders } from './orders.ts'
import { type Judged, type JudgePrompt, preferencePrompt, scorePrompt } from './prompt.ts'
import type { Rubric } from './rubric.ts'
import { lastVerdict, type Verdict } from './verdict.ts'

/** The judge gave no usable verdict, or is not trusted. The case is an error: it is neither 0 nor a pass. */
export class JudgeError extends Error {
  override readonly name = 'JudgeError'
}

export interface Score {
  level: number
  pass: boolean
  /** The level as a share: 0 the lowest, 1 the highest. */
  score: number
  reason: string
}

/** A judge of one rubric whose agreement with people was measured and is good enough. */
export interface TrustedJudge {
  score(judged: Judged, signal: AbortSignal): Promise<Score>
}

export interface Judge {
  /** For reports and baselines: scores of two judges are never compared. */
  name: string
  score(judged: Judged, rubric: Rubric, signal: AbortSignal): Promise<Score>
  /** 0 or 1, the better answer's place, or null where they are equal or the order decides: both orders are asked. */
  prefer(
    judged: Omit<Judged, 'answer'>,
    answers: readonly [string, string],
    rubric: Rubric,
    signal: AbortSignal,
  ): Promise<Preference>
}

export interface Preference {
  better: 0 | 1 | null
  /** Another order gave another answer. */
  dependsOnOrder: boolean
}

/** Longer ones are refused, as a judge would not read them whole. Characters. */
const LONGEST_ANSWER = 40_000
const TRIES = 2

/** A judge that is a language model; with the heuristic provider, one that compares words and says so. */
export function openJudge(llm: Llm): Judge {
  const name = llm.provider === 'heuristic' ? 'heuristic judge' : `${llm.provider} / ${llm.modelId}`
  return {
    name,
    async score(judged, rubric, signal) {
      const { text, removed } = cleaned(judged.answer)
      const note =
        removed.length > 0
          ? `; left out what speaks to the grader: ${JSON.stringify(removed[0]?.slice(0, 60))}`
          : ''
      if (text === '') return scoreAt(rubric.levels[0] ?? 0, rubric, `${name}: nothing to grade${note}`)
      const asked = { ...judged, answer: text }
      const prompt = scorePrompt(asked, rubric)
      const input = { kind: 'score', ...withReference(asked), levels: [...rubric.levels], mark: prompt.mark }
      const { choice, because } = await ask(
        llm,
        { prompt, task: 'judge', input, choices: rubric.levels },
        signal,
      )
      return scoreAt(
        choice,
        rubric,
        `${name}: ${choice} of ${rubric.levels.at(-1)}, ${because.slice(0, 200)}${note}`,
      )
    },
    async prefer(judged, [a, b], rubric, signal) {
      const pair = [cleaned(a).text, cleaned(b).text] as const
      const first = await preferred(llm, judged, pair, rubric, signal)
      const swapped = await preferred(llm, judged, [pair[1], pair[0]], rubric, signal)
      const second = swapped === null ? null : swapped === 0 ? 1 : 0
      return { better: first === second ? first : null, dependsOnOrder: first !== second }
    },
  }
}

function cleaned(answer: string) {
  if (answer.length > LONGEST_ANSWER)
    throw new JudgeError(
      `the answer has ${answer.length} characters, more than the ${LONGEST_ANSWER} that are judged`,
    )
  return withoutOrders(answer)
}

function scoreAt(level: number, { levels, pass }: Rubric, reason: string): Score {
  const [lowest = 0, highest = 1] = [levels[0], levels.at(-1)]
  return { level, pass: level >= pass, score: (level - lowest) / (highest - lowest), reason }
}

async function preferred(
  llm: Llm,
  judged: Omit<Judged, 'answer'>,
  answers: readonly [string, string],
  rubric: Rubric,
  signal: AbortSignal,
): Promise<0 | 1 | null> {
  const prompt = preferencePrompt(judged, answers, rubric)
  const input = { kind: 'prefer', ...withReference(judged), answers: [...answers], mark: prompt.mark }
  const choices = ['first', 'second', 'neither'] as const
  const { choice } = await ask(llm, { prompt, task: 'judge', input, choices }, signal)
  return choice === 'neither' ? null : choice === 'first' ? 0 : 1
}

function withReference<T extends Omit<Judged, 'answer'>>({ reference = '', sources, ...rest }: T) {
  return { ...rest, reference, sources: [...sources] }
}

interface Asked<T> {
  prompt: JudgePrompt
  task: string
  input: Parameters<typeof answer>[1]['heuristic']['input']
  choices: readonly T[]
}

/** Asks again once: a model forgets the line now and then. */
async function ask<T extends string | number>(
  llm: Llm,
  asked: Asked<T>,
  signal: AbortSignal,
): Promise<Verdict<T>> {
  const {
    prompt: { system, prompt, mark },
    task,
    input,
    choices,
  } = asked
  let said = ''
  for (let tries = 0; tries < TRIES; tries++) {
    said = await answer(llm, { system, prompt, temperature: 0, heuristic: { task, input }, signal })
    const verdict = lastVerdict(said, mark, choices)
    if (verdict !== null) return verdict
  }
  throw new JudgeError(
    `the judge gave no verdict of ${choices.join(', ')}: ${JSON.stringify(said.slice(-120))}`,
  )
}
