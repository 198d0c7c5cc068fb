import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CannotRunError } from '#kit/evals/errors'
import { recordVoice, replayVoice } from '#kit/judge/recording'
import { JudgeError } from '#kit/judge/voice'
import { openJudge } from '../../../../src/judge/judge.ts'
import { judgeAt, rubric } from '../../../../test/judge/judge-server.ts'

const { signal } = new AbortController()
const judged = {
  question: 'What does it cost?',
  reference: '9 euros',
  answer: 'It costs 9 euros.',
  sources: [],
}
const PATH = 'judge.json'

/** A folder with the recording of one verdict, and how often the judge was asked. */
async function recorded() {
  const root = await mkdtemp(join(tmpdir(), 'verdicts-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const { voice, asked } = await judgeAt(({ mark }) => `Right.\n${mark}: 4`)
  const recording = recordVoice(voice)
  const score = await openJudge(recording).score(judged, rubric, signal)
  await recording.save(root, PATH)
  return { root, asked, score, text: await readFile(join(root, PATH), 'utf8') }
}

describe('a recorded judge', () => {
  it('replays the verdicts under the same name without asking a model', async () => {
    const { root, asked, score } = await recorded()
    const judge = openJudge(await replayVoice(root, PATH))
    expect(judge.name).toBe('openai-compatible / scripted')
    expect(await judge.score(judged, rubric, signal)).toEqual(score)
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['answer', { ...judged, answer: 'It costs 8 euros.' }, rubric],
    ['question', { ...judged, question: 'What?' }, rubric],
    ['reference', { ...judged, reference: '8 euros' }, rubric],
    ['source', { ...judged, sources: ['9 euros'] }, rubric],
    ['rubric', judged, { ...rubric, text: `${rubric.text} Be strict.` }],
  ])('has no verdict on another %s: an error', async (_name, other, by) => {
    const { root } = await recorded()
    await expect(openJudge(await replayVoice(root, PATH)).score(other, by, signal)).rejects.toThrow(
      JudgeError,
    )
  })

  it.each([
    ['cut', (text: string) => text.slice(0, -20)],
    ['edited', (text: string) => text.replace(': 4', ': 3')],
    ['of another judge', (text: string) => text.replace('"judge"', '"who"')],
    ['empty', () => ''],
  ])('that was %s is none', async (_name, change) => {
    const { root, text } = await recorded()
    await writeFile(join(root, PATH), change(text))
    await expect(replayVoice(root, PATH)).rejects.toThrow(CannotRunError)
  })

  it('that is not there is none', async () => {
    await expect(replayVoice('.', 'nowhere.json')).rejects.toThrow(CannotRunError)
  })
})
