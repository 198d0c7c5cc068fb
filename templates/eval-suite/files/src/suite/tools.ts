import type { Env } from '#kit/console/env'
import { type Embedder, openEmbedder } from '#kit/embeddings/open'
import { hashedVector } from '#kit/retrieval/hashed-vector'
import type { Tools } from '../graders/grader.ts'
import { openJudge } from '../judge/judge.ts'
import { voiceOf } from '../judge/open.ts'
import { type RecordingVoice, recordedVoice, recordingVoice } from '../judge/recording.ts'
import { trustedJudges } from '../judge/trust.ts'
import type { Voice } from '../judge/voice.ts'

export interface GradingTools extends Tools {
  /** Measures the judge by these rubrics, before anything else is asked or paid for, and gives its name. Throws while it is not to be trusted. */
  readyJudge(rubrics: Iterable<string>): Promise<string>
  /** What graders found out that the report has to say: how far the judge agrees with people. */
  notes(): readonly string[]
  /** Keeps what the judge said, for runs without a key; nothing where no grader asked it. */
  saveVerdicts(path: string): Promise<void>
}

interface Surroundings {
  root: string
  env: Env
  signal: AbortSignal
  note(line: string): void
}

const JUDGE_CONCURRENCY = 4

/**
 * Judge and embedder of the environment, opened when the first grader asks for them. The judge may be another model: AI_JUDGE_MODEL. With `verdicts`, the path of
 * a recording, it says only what it said before.
 */
export function gradingTools(
  { root, env, signal, note }: Surroundings,
  { verdicts = null }: { verdicts?: string | null } = {},
): GradingTools {
  const notes: string[] = []
  let voice: Promise<RecordingVoice> | undefined
  let used: Voice['used']
  let judges: Promise<Tools['judge']> | undefined
  let embedder: Promise<Embedder> | undefined
  const openedVoice = async () => {
    voice ??= (verdicts === null ? voiceOf(env) : recordedVoice(root, verdicts)).then(recordingVoice)
    const opened = await voice
    used = opened.used
    return opened
  }
  const remember = (line: string) => {
    notes.push(line)
    note(line)
  }
  const trusted = async () => {
    const concurrency = JUDGE_CONCURRENCY
    return trustedJudges({ root, judge: openJudge(await openedVoice()), concurrency, signal, note: remember })
  }
  const judgeBy = async (rubric: string) => {
    judges ??= trusted()
    return (await judges)(rubric)
  }
  return {
    judge: judgeBy,
    async embed(texts, caseSignal) {
      embedder ??= openEmbedder({ env, hashed: hashedVector })
      const { embed, modelId } = await embedder
      return { vectors: await embed(texts, caseSignal), model: modelId }
    },
    async readyJudge(rubrics) {
      for (const rubric of rubrics) await judgeBy(rubric)
      return (await openedVoice()).name
    },
    notes: () => [...notes, ...(used === undefined ? [] : [costOfJudge(used())])],
    async saveVerdicts(path) {
      if (judges !== undefined) await (await openedVoice()).save(root, path)
    },
  }
}

/** The summary counts what the target has used. */
function costOfJudge({
  calls,
  inputTokens,
  outputTokens,
  costUsd,
}: ReturnType<NonNullable<Voice['used']>>): string {
  const cost = costUsd === null ? 'at an unknown price' : `for $${costUsd.toFixed(4)}`
  return `beside that, the judge was asked ${calls} times: ${inputTokens} tokens in, ${outputTokens} out, ${cost}`
}
