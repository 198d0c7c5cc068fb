import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '#kit/console/replace-file'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import { JudgeError, type Voice } from './voice.ts'

const recorded = z.strictObject({
  schema: z.literal('judge-recording.v1'),
  judge: z.string().min(1),
  /** Hash of `verdicts`, which detects a recording that was cut or edited. */
  sha256: z.string(),
  /**
   * The judge's texts by the mark of their prompt. Another answer, rubric, label or wording has another mark.
   */
  verdicts: z.record(z.string().startsWith('VERDICT-'), z.string()),
})

export interface RecordingVoice extends Voice {
  /** Sorted, so that its diff shows what changed. */
  save(root: string, path: string): Promise<void>
}

/** Wraps a voice so that it records its last text for each prompt. */
export function recordVoice(voice: Voice): RecordingVoice {
  const said = new Map<string, string>()
  return {
    ...voice,
    async say(prompt, material, signal) {
      const text = await voice.say(prompt, material, signal)
      said.set(prompt.mark, text)
      return text
    },
    async save(root, path) {
      const verdicts = Object.fromEntries([...said].sort(([a], [b]) => (a < b ? -1 : 1)))
      const whole = {
        schema: 'judge-recording.v1',
        judge: voice.name,
        sha256: hashVerdicts(verdicts),
        verdicts,
      }
      await replaceFile(join(root, path), `${JSON.stringify(recorded.parse(whole), null, 2)}\n`)
    },
  }
}

/**
 * Replays a recorded judge; no model is called. Throws a `CannotRunError` for a recording that is missing,
 * cut or edited.
 */
export async function replayVoice(root: string, path: string): Promise<Voice> {
  const { judge, verdicts } = await readVerdicts(root, path)
  return {
    name: judge,
    async say({ mark }) {
      const said = Object.hasOwn(verdicts, mark) ? verdicts[mark] : undefined
      if (said === undefined)
        throw new JudgeError(
          `${path} has no verdict on this answer: an answer, the rubric or the labels changed since`,
        )
      return said
    },
  }
}

async function readVerdicts(root: string, path: string): Promise<z.infer<typeof recorded>> {
  try {
    const whole = recorded.parse(JSON.parse(await readFile(join(root, path), 'utf8')))
    if (hashVerdicts(whole.verdicts) !== whole.sha256) throw new Error('it was edited')
    return whole
  } catch (error) {
    const problem = `${path} is no complete recording of a judge: ${toErrorMessage(error)}`
    throw new CannotRunError(problem, 'Record it again: npm run eval -- --record')
  }
}

function hashVerdicts(verdicts: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(verdicts)).digest('hex')
}
