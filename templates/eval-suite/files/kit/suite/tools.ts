import type { Env } from '#kit/console/env'
import { type Embedder, openEmbedder } from '#kit/embeddings/open'
import type { Tools } from '#kit/graders/grader'
import { openVoice } from '#kit/judge/open'
import { type RecordingVoice, recordVoice, replayVoice } from '#kit/judge/recording'
import type { Voice } from '#kit/judge/voice'
import { hashToVector } from '#kit/retrieval/hashed-vector'
import type { GradingTools, Lesson } from './world.ts'

interface ToolSurroundings {
  root: string
  env: Env
  signal: AbortSignal
  note(line: string): void
  lesson: Pick<Lesson, 'trustJudges'>
}

const JUDGE_CONCURRENCY = 4

/**
 * Provides the judge and embedder of the environment, opened on first use. AI_JUDGE_MODEL can name another
 * model as judge. With `verdicts`, the path of a recording, the judge replays that recording.
 */
export function openGradingTools(
  { root, env, signal, note, lesson }: ToolSurroundings,
  { verdicts = null }: { verdicts?: string | null } = {},
): GradingTools {
  const notes: string[] = []
  let voice: Promise<RecordingVoice> | undefined
  let used: Voice['used']
  let judges: Promise<Tools['judge']> | undefined
  let embedder: Promise<Embedder> | undefined
  const openedVoice = async () => {
    voice ??= (verdicts === null ? openVoice(env) : replayVoice(root, verdicts)).then(recordVoice)
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
    return lesson.trustJudges({ root, voice: await openedVoice(), concurrency, signal, note: remember })
  }
  const judgeBy = async (rubric: string) => {
    judges ??= trusted()
    return (await judges)(rubric)
  }
  return {
    judge: judgeBy,
    async embed(texts, caseSignal) {
      embedder ??= openEmbedder({ env, hashed: hashToVector })
      const { embed, modelId } = await embedder
      return { vectors: await embed(texts, caseSignal), model: modelId }
    },
    async readyJudge(rubrics) {
      for (const rubric of rubrics) await judgeBy(rubric)
      return (await openedVoice()).name
    },
    notes: () => [...notes, ...(used === undefined ? [] : [formatJudgeCost(used())])],
    async saveVerdicts(path) {
      if (judges !== undefined) await (await openedVoice()).save(root, path)
    },
  }
}

/** Formats the judge's usage, which the summary of the target does not include. */
function formatJudgeCost({
  calls,
  inputTokens,
  outputTokens,
  costUsd,
}: ReturnType<NonNullable<Voice['used']>>): string {
  const cost = costUsd === null ? 'at an unknown price' : `for $${costUsd.toFixed(4)}`
  return `in addition, the judge was asked ${calls} times: ${inputTokens} tokens in, ${outputTokens} out, ${cost}`
}
