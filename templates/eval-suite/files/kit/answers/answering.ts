import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SuiteCase } from '#kit/cases/case'
import { hashJson } from '#kit/console/hash-json'
import type { Provider } from '#kit/evals/report'
import type { Answered } from '#kit/evals/suite'
import type { Asked, Target } from '#kit/targets/target'
import type { Answers, KeptAnswer } from './answers.ts'
import type { Answerer, Journal } from './journal.ts'
import type { Recording } from './recording.ts'

/** Where answers come from: from the target, from what was kept of it, or from a recording alone. */
export interface Answering {
  identity(signal: AbortSignal): Promise<Provider>
  answer(testCase: SuiteCase, signal: AbortSignal, attempt: number): Promise<Answered>
  /** What the report's reader has to know about the origin of the answers. */
  notes(): readonly string[]
}

/** Everything that decides an answer of ours; texts of files, not their names alone. */
export function hashQuestion(settings: unknown, { input, files }: Asked, attempt: number): string {
  return hashJson([settings, input, files, attempt])
}

export async function readQuestion({ input, files = [] }: SuiteCase, root: string): Promise<Asked> {
  const read = async (path: string) => ({
    path,
    text: (await readFile(join(root, path), 'utf8')).replaceAll('\r\n', '\n'),
  })
  return { input, files: await Promise.all(files.map(read)) }
}

/** Answers from a recording: no target is opened or asked. An answer that is not in it is an error. */
export function replayRecording(recording: Recording, settings: unknown, root: string): Answering {
  const { provider, recordedAt, path } = recording
  return {
    identity: async () => provider,
    async answer(testCase, _signal, attempt) {
      const answered = recording.get(hashQuestion(settings, await readQuestion(testCase, root), attempt))
      if (answered !== undefined) return answered
      throw new Error(
        `no answer to this in ${path}: the case, its files, the prompt or the target changed since; record it again: npm run eval -- --record`,
      )
    },
    notes: () => [`answers as recorded on ${recordedAt.slice(0, 10)}; the target was not asked`],
  }
}

export interface Kept {
  /** Answers of an earlier run of whatever kind, for the cache. */
  cache: Answers | null
  /** Answers of this run, also of the part of it that was killed. Null: of a run that nothing goes on with. */
  journal: Pick<Journal, 'open'> | null
  /** For a recording. */
  onAnswer?(kept: KeptAnswer): void
}

interface Source {
  /** Opens the target. */
  get(): Promise<Target>
  settings: unknown
}

/**
 * From the target, unless the same question was answered before by the same model with the same prompt, files and settings (cache), or in the killed
 * run that this one goes on with (journal). Errors are never kept.
 */
export function askTarget(
  { get, settings }: Source,
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
      // What costs nothing and comes out the same is not worth keeping.
      const isKept = !resumed && !who.deterministic
      await Promise.all([
        isKept ? unfinished?.add({ key, answered }) : undefined,
        cacheKey !== null && !cached ? cache?.add({ key: cacheKey, answered }) : undefined,
      ])
      onAnswer?.({ key, answered })
      return answered
    },
    notes: () => [
      ...(origin.cache > 0
        ? [`${origin.cache} answers from the cache, with the latency and cost that they had`]
        : []),
      ...(origin.journal > 0 ? [`${origin.journal} answers from the run that was cut off`] : []),
    ],
  }
}

interface Opened extends Answerer {
  target: Target
  unfinished: Answers | undefined
}

async function openWith(get: Source['get'], journal: Kept['journal'], signal: AbortSignal): Promise<Opened> {
  const target = await get()
  const by = { who: await target.identity(signal), version: target.version }
  return { ...by, target, unfinished: await journal?.open(by) }
}

/** A target that falls back to another model would be measured as the one that it is not. */
function assertSameModel(answered: Answered & { provider?: Provider }, who: Provider): void {
  const { provider } = answered
  if (provider && (provider.name !== who.name || provider.model !== who.model))
    throw new Error(`answered by ${provider.name} / ${provider.model}, not by ${who.name} / ${who.model}`)
}
