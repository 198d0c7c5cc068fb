import { hashFiles } from '#kit/evals/cases'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import { readPrompt } from './prompt-file.ts'
import type { TargetSpec } from './spec.ts'

/**
 * Describes all local settings that decide a target's answers; recordings, cached answers and resumed runs
 * must match them. It opens nothing, so that a recording can be replayed without its target. It holds no
 * secrets: of headers, only the names in the file.
 */
export async function describeTarget(spec: TargetSpec, root: string): Promise<unknown> {
  switch (spec.type) {
    case 'prompt': {
      const { type, prompt, maxWords, model = null } = spec
      return { type, maxWords, model, ...(await readPrompt(root, prompt)) }
    }
    case 'http': {
      const { type, url, format, answer, end, body, headers } = spec
      return { type, url, format, answer, end, body, headers: Object.keys(headers).sort() }
    }
    case 'project': {
      const { type, directory, env } = spec
      return { type, directory, env }
    }
    case 'command': {
      const { type, command } = spec
      return { type, command }
    }
    case 'function': {
      const { type, module } = spec
      return { type, module, source: await hashModule(module, root) }
    }
    default:
      return spec satisfies never
  }
}

async function hashModule(module: string, root: string): Promise<string> {
  try {
    return await hashFiles(root, [module])
  } catch (error) {
    throw new CannotRunError(toErrorMessage(error), 'Correct the module in evals/targets.json')
  }
}
