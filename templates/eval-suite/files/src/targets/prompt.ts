import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '#kit/console/env'
import { CannotRunError, messageOf } from '#kit/evals/errors'
import { answer, type Question } from '#kit/llm/answer'
import { serverOf } from '#kit/llm/choose'
import { meteredApart } from '#kit/llm/metered'
import { openLlm } from '#kit/llm/model'
import { type ProviderName, parseSettings } from '#kit/llm/settings'
import { heuristicTasks } from '../task/answer.ts'
import type { SpecOf } from './spec.ts'
import type { Asked, Target } from './target.ts'

/** A prompt file and the provider of the environment. The heuristic provider reads no prompts: it gets question and budget as data. */
export async function promptTarget(spec: SpecOf<'prompt'>, root: string, environment: Env): Promise<Target> {
  const { prompt, maxWords, model } = spec
  const template = await readPrompt(root, prompt)
  const env = model === undefined ? environment : { ...environment, AI_MODEL: model }
  const opened = await openLlm({ env, tasks: heuristicTasks })
  const { provider, modelId, deterministic } = opened
  return {
    // The heuristic is code of this repo, which changes without a version, and it takes no time.
    version: provider === 'heuristic' ? null : `${provider} / ${modelId} at ${addressOf(provider, env)}`,
    identity: async () => ({ name: provider, model: modelId, deterministic }),
    async answer(asked, signal) {
      const llm = meteredApart(opened)
      const startedAt = performance.now()
      const output = await answer(llm, { ...questionAbout(asked, template, maxWords), signal })
      const { inputTokens, outputTokens, costUsd } = llm.meter.total()
      const latencyMs = Math.round(performance.now() - startedAt)
      return {
        output,
        sources: asked.files.map(({ path, text }) => ({ document: path, text })),
        usage: { inputTokens, outputTokens, costUsd },
        latencyMs,
      }
    },
    close: async () => {},
  }
}

/** Two servers may have two models under one name. No secret: a base URL with a user, a password or a query is refused. */
function addressOf(provider: Exclude<ProviderName, 'heuristic'>, env: Env): string {
  return serverOf(provider, parseSettings(env)).baseURL
}

interface Prompt {
  system: string
  body: string
}

/** For a model as a prompt, for the heuristic provider as data. */
export function questionAbout({ input, files }: Asked, { system, body }: Prompt, maxWords: number): Question {
  const text = files.map((file) => file.text).join('\n\n')
  const values = { input, files: text, maxWords: String(maxWords) }
  const heuristic = { task: 'answer', input: { question: input, text, maxWords } }
  return { system: filled(system, values), prompt: filled(body, values), heuristic }
}

/** All placeholders at once: what a question or a file says in two braces is text. */
function filled(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Throws `CannotRunError` for a file that asks nothing. */
export async function readPrompt(root: string, path: string): Promise<Prompt> {
  const text = await readFile(join(root, path), 'utf8').catch((error: unknown) => {
    throw new CannotRunError(`cannot read ${path}: ${messageOf(error)}`, 'Correct evals/targets.json')
  })
  const [system = '', body] = text.replaceAll('\r\n', '\n').split(/^---$/m)
  if (!body?.includes('{{input}}'))
    throw new CannotRunError(
      `${path} has no {{input}} below a line ---`,
      'Above that line goes the system prompt, below it the question',
    )
  return { system: system.trim(), body: body.trim() }
}
