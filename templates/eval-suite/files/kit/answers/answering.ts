import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SuiteCase } from '#kit/cases/case'
import { hashJson } from '#kit/console/hash-json'
import type { Provider } from '#kit/evals/report'
import type { Answered } from '#kit/evals/suite'
import { LlmError } from '#kit/llm/errors'
import type { Target, TargetQuestion } from '#kit/targets/target'
import type { Answers, KeptAnswer } from './answers.ts'
import type { Answerer, Journal } from './journal.ts'
import type { Recording } from './recording.ts'

/** A source of answers: the target with its cache and journal, or a recording alone. */
export interface Answering {
  identity(signal: AbortSignal): Promise<Provider>
  answer(testCase: SuiteCase, signal: AbortSignal, attempt: number): Promise<Answered>
  /** Lines for the report about the origin of the answers. */
  notes(): readonly string[]
}

/** Hashes everything that decides an answer, the texts of files included. */
export function hashQuestion(settings: unknown, { input, files }: TargetQuestion, attempt: number): string {
  return hashJson([settings, input, files, attempt])
}

export async function readQuestion({ input, files = [] }: SuiteCase, root: string): Promise<TargetQuestion> {
  const read = async (path: string) => ({
    path,
    text: (await readFile(join(root, path), 'utf8')).replaceAll('\r\n', '\n'),
  })
  return { input, files: await Promise.all(files.map(read)) }
}

/**
 * Answers from a recording; no target is opened or asked. `answer` throws for a question that the recording
 * lacks.
 */
export function replayRecording(recording: Recording, settings: unknown, root: string): Answering {
  const { provider, recordedAt, path } = recording
  return {
    identity: async () => provider,
    async answer(testCase, _signal, attempt) {
      const answered = recording.get(hashQuestion(settings, await readQuestion(testCase, root), attempt))
      if (answered !== undefined) return requireText(answered)
      throw new Error(
        `no answer to this in ${path}: the case, its files, the prompt or the target changed since; record it again: npm run eval -- --record`,
      )
    },
    notes: () => [`answers as recorded on ${recordedAt.slice(0, 10)}; the target was not asked`],
  }
}

export interface Kept {
  /** The cache: answers of all earlier runs. */
  cache: Answers | null
  /** The journal: answers of this run, including its killed part. Null for a run that cannot be resumed. */
  journal: Pick<Journal, 'open'> | null
  /** For a recording. */
  onAnswer?(kept: KeptAnswer): void
}

interface AnswerSource {
  /** Opens the target. */
  get(): Promise<Target>
  settings: unknown
}

/**
 * Answers from the target, unless the same model already answered the same question with the same prompt,
 * files and settings (cache), or answered it in the killed run that this one resumes (journal). Errors are
 * never kept.
 */
export function askTarget(
  { get, settings }: AnswerSource,
  { cache, journal, onAnswer }: Kept,
  root: string,
): Answering {
  const origin = { cache: 0, journal: 0 }
  let opened: Promise<Opened> | undefined
  const open = (signal: AbortSignal) => {
    opened ??= openWith(get, journal, signal)
    return opened
  }
  return {
    identity: async (signal) => (await open(signal)).who,
    async answer(testCase, signal, attempt) {
      const { target, who, version, unfinished } = await open(signal)
      const asked = await readQuestion(testCase, root)
      const key = hashQuestion(settings, asked, attempt)
      const cacheKey = version === null ? null : hashJson([key, version, who])
      const resumed = unfinished?.get(key)
      const cached = cacheKey === null ? undefined : cache?.get(cacheKey)
      if (resumed) origin.journal++
      else if (cached) origin.cache++
      const answered = resumed ?? cached ?? (await target.answer(asked, signal))
      assertSameModel(answered, who)
      // A deterministic answer costs nothing to compute again.
      const isKept = !resumed && !who.deterministic
      await Promise.all([
        isKept ? unfinished?.add({ key, answered }) : undefined,
        cacheKey !== null && !cached ? cache?.add({ key: cacheKey, answered }) : undefined,
      ])
      onAnswer?.({ key, answered })
      return requireText(answered)
    },
    notes: () => [
      ...(origin.cache > 0
        ? [`${origin.cache} answers from the cache, with the latency and cost that they had`]
        : []),
      ...(origin.journal > 0 ? [`${origin.journal} answers from the run that was cut off`] : []),
    ],
  }
}

/**
 * An answer that is empty, or was cut off or filtered, is kept as an empty one, and fails its case: graders that look for
 * what must not be said would all pass it.
 */
function requireText(answered: Answered): Answered {
  if (answered.output.trim() !== '') return answered
  throw new LlmError('empty', 'The answer is empty, was cut off or filtered', {
    hint: 'See what the target says about it.',
  })
}

interface Opened extends Answerer {
  target: Target
  unfinished: Answers | undefined
}

async function openWith(
  get: AnswerSource['get'],
  journal: Kept['journal'],
  signal: AbortSignal,
): Promise<Opened> {
  const target = await get()
  const by = { who: await target.identity(signal), version: target.version }
  return { ...by, target, unfinished: await journal?.open(by) }
}

/** Throws when another model answered: a target that falls back would be measured under the wrong name. */
function assertSameModel(answered: Answered & { provider?: Provider }, who: Provider): void {
  const { provider } = answered
  if (provider && (provider.name !== who.name || provider.model !== who.model))
    throw new Error(`answered by ${provider.name} / ${provider.model}, not by ${who.name} / ${who.model}`)
}
