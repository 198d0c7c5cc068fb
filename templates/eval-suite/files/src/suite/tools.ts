import { type Embedder, openEmbedder } from '../embeddings/open.ts'
import type { Tools } from '../graders/grader.ts'
import { openJudge } from '../judge/judge.ts'
import { trustedJudges } from '../judge/trust.ts'
import type { Env } from '../llm/env.ts'
import { openLlm } from '../llm/model.ts'
import { hashedVector } from '../retrieval/hashed-vector.ts'
import { heuristicTasks } from '../task/answer.ts'

export interface GradingTools extends Tools {
  judgeName(): Promise<string>
  /** What graders found out that the report has to say: how far the judge agrees with people. */
  notes(): readonly string[]
}

interface Surroundings {
  root: string
  env: Env
  signal: AbortSignal
  note(line: string): void
}

const JUDGE_CONCURRENCY = 4

/** Judge and embedder of the environment, opened when the first grader asks for them. The judge may be another model: AI_JUDGE_MODEL. */
export function gradingTools({ root, env, signal, note }: Surroundings): GradingTools {
  const notes: string[] = []
  let judge: Promise<ReturnType<typeof openJudge>> | undefined
  let judges: Promise<Tools['judge']> | undefined
  let embedder: Promise<Embedder> | undefined
  const openedJudge = () => {
    const model = env['AI_JUDGE_MODEL']?.trim()
    judge ??= openLlm({ env: model ? { ...env, AI_MODEL: model } : env, tasks: heuristicTasks }).then(
      openJudge,
    )
    return judge
  }
  const remember = (line: string) => {
    notes.push(line)
    note(line)
  }
  const trusted = async () => {
    const concurrency = JUDGE_CONCURRENCY
    return trustedJudges({ root, judge: await openedJudge(), concurrency, signal, note: remember })
  }
  return {
    async judge(rubric) {
      judges ??= trusted()
      return (await judges)(rubric)
    },
    async embed(texts, caseSignal) {
      embedder ??= openEmbedder({ env, hashed: hashedVector })
      const { embed, modelId } = await embedder
      return { vectors: await embed(texts, caseSignal), model: modelId }
    },
    judgeName: async () => (await openedJudge()).name,
    notes: () => notes,
  }
}
