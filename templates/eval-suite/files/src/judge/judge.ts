import type { Grade } from '#kit/evals/suite'
import { quote } from '#kit/graders/grader'
import { removeOrders } from '#kit/judge/orders'
import {
  type Judged,
  JudgeError,
  type JudgePrompt,
  type Material,
  RefusalError,
  type Voice,
} from '#kit/judge/voice'
import { buildPreferencePrompt, buildScorePrompt } from './prompt.ts'
import type { Rubric } from './rubric.ts'
import { readVerdict, type Verdict } from './verdict.ts'

/** `score` is the level as a share: 0 the lowest, 1 the highest. */
export interface Score extends Grade {
  level: number
}

export interface Judge {
  /** For reports and baselines: scores of two judges are never compared. */
  name: string
  score(judged: Judged, rubric: Rubric, signal: AbortSignal): Promise<Score>
  /**
   * The index of the better answer, 0 or 1. Null where they are equal, or the two orders disagree: both are
   * asked.
   */
  prefer(
    judged: Omit<Judged, 'answer'>,
    answers: readonly [string, string],
    rubric: Rubric,
    signal: AbortSignal,
  ): Promise<Preference>
}

export interface Preference {
  better: 0 | 1 | null
  /** The other order gave another choice. */
  dependsOnOrder: boolean
}

/** In characters. Longer answers are refused, as a judge would not read them whole. */
const LONGEST_ANSWER = 40_000
const TRIES = 2

/**
 * Creates a judge with that voice. Its methods throw a `JudgeError` when it fails: a `RefusalError` when it was
 * asked and gave no verdict.
 */
export function openJudge(voice: Voice): Judge {
  const { name } = voice
  return {
    name,
    async score(judged, rubric, signal) {
      const { text, removed } = cleanAnswer(judged.answer)
      const [order] = removed
      const note = order === undefined ? '' : `; left out what speaks to the grader: ${quote(order, 120)}`
      if (text === '') return scoreAt(rubric.levels[0] ?? 0, rubric, `${name}: nothing to grade${note}`)
      const asked = { ...judged, answer: text }
      const material = { kind: 'score' as const, ...toMaterial(asked), levels: [...rubric.levels] }
      const { choice, because } = await ask(
        voice,
        { prompt: buildScorePrompt(asked, rubric), material, choices: rubric.levels },
        signal,
      )
      const found = `${choice} of ${rubric.levels.at(-1)}, ${because.slice(0, 200)}`
      return scoreAt(choice, rubric, `${name}: ${found}${note}`)
    },
    async prefer(judged, [a, b], rubric, signal) {
      const pair = [cleanAnswer(a).text, cleanAnswer(b).text] as const
      const first = await askPreference(voice, { judged, answers: pair, rubric }, signal)
      const swapped = await askPreference(voice, { judged, answers: [pair[1], pair[0]], rubric }, signal)
      const second = swapped === null ? null : swapped === 0 ? 1 : 0
      return { better: first === second ? first : null, dependsOnOrder: first !== second }
    },
  }
}

function cleanAnswer(answer: string) {
  if (answer.length > LONGEST_ANSWER)
    throw new JudgeError(
      `the answer has ${answer.length} characters, more than the ${LONGEST_ANSWER} that are judged`,
    )
  return removeOrders(answer)
}

function scoreAt(level: number, { levels, pass }: Rubric, reason: string): Score {
  const [lowest = 0, highest = 1] = [levels[0], levels.at(-1)]
  return { level, pass: level >= pass, score: (level - lowest) / (highest - lowest), reason }
}

interface Pair {
  judged: Omit<Judged, 'answer'>
  answers: readonly [string, string]
  rubric: Rubric
}

async function askPreference(
  voice: Voice,
  { judged, answers, rubric }: Pair,
  signal: AbortSignal,
): Promise<0 | 1 | null> {
  const prompt = buildPreferencePrompt(judged, answers, rubric)
  const material = { kind: 'prefer' as const, ...toMaterial(judged), answers: [...answers] }
  const choices = ['first', 'second', 'neither'] as const
  const { choice } = await ask(voice, { prompt, material, choices }, signal)
  return choice === 'neither' ? null : choice === 'first' ? 0 : 1
}

function toMaterial<T extends Omit<Judged, 'answer'>>({ reference = '', sources, ...rest }: T) {
  return { ...rest, reference, sources: [...sources] }
}

interface Asked<T> {
  prompt: JudgePrompt
  material: Material
  choices: readonly T[]
}

/** Retries once: a model sometimes forgets the verdict line. */
async function ask<T extends string | number>(
  voice: Voice,
  { prompt, material, choices }: Asked<T>,
  signal: AbortSignal,
): Promise<Verdict<T>> {
  let said = ''
  for (let tries = 0; tries < TRIES; tries++) {
    said = await voice.say(prompt, material, signal)
    const verdict = readVerdict(said, prompt.mark, choices)
    if (verdict !== null) return verdict
  }
  throw new RefusalError(
    `the judge gave no verdict of ${choices.join(', ')}: ${quote(said.slice(-120), 120)}`,
  )
}

/** Null for a judge that gives no verdict on this answer. Any other failure is thrown. */
export async function catchRefusal<T>(judging: Promise<T>): Promise<T | null> {
  try {
    return await judging
  } catch (error) {
    if (error instanceof RefusalError) return null
    throw error
  }
}
