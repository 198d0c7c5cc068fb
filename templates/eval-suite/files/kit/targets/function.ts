import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import type { Answered } from '#kit/evals/suite'
import type { SpecOf } from './spec.ts'
import type { Target, TargetQuestion } from './target.ts'

/** What a module of such a target exports as `answer`. */
export type AnswerFunction = (asked: TargetQuestion, signal: AbortSignal) => Promise<string | Answered>

const answerModule = z.object({
  answer: z.custom<AnswerFunction>((value) => typeof value === 'function', 'must export a function'),
})

/** A function of this repo. `built` is the folder that the compiler wrote. */
export async function openFunctionTarget(
  spec: SpecOf<'function'>,
  { built }: { built: string },
): Promise<Target> {
  const { module, provider } = spec
  const { answer } = await load(module, built)
  return {
    version: null, // its imports are not known
    identity: async () => provider ?? { name: 'function', model: module, deterministic: false },
    answer: async (asked, signal) => {
      const given = await answer(asked, signal)
      return typeof given === 'string' ? { output: given } : given
    },
    close: async () => {},
  }
}

async function load(module: string, built: string) {
  const path = join(built, module.replace(/\.ts$/, built.endsWith('dist') ? '.js' : '.ts'))
  try {
    return answerModule.parse(await import(pathToFileURL(path).href))
  } catch (error) {
    throw new CannotRunError(
      `${module} cannot be used: ${toErrorMessage(error)}`,
      'Correct evals/targets.json',
      4,
      {
        cause: error,
      },
    )
  }
}
