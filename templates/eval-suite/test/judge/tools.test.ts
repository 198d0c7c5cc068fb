import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openGradingTools } from '#kit/suite/tools'
import { openJudge } from '../../../../src/judge/judge.ts'
import { readLabels } from '../../../../src/judge/labels.ts'
import { trustJudges } from '../../../../src/judge/trust.ts'
import { judgeAt } from '../../../../test/judge/judge-server.ts'

const REPO = join(import.meta.dirname, '../../../..')

describe('the judge of a run', () => {
  it('says what it used, which the cost of the answers leaves out', async () => {
    const labels = await readLabels(REPO, 'evals/judge/answer.jsonl')
    const { env } = await judgeAt(({ prompt, mark }) => {
      const label = labels.find(({ answer }) => prompt.includes(`\n${answer}\n`))
      return `${mark}: ${label?.pass ? 4 : 1}`
    })
    const root = await mkdtemp(join(tmpdir(), 'tools-'))
    onTestFinished(() => rm(root, { recursive: true, force: true }))
    for (const folder of ['rubrics', 'judge'])
      await cp(join(REPO, 'evals', folder), join(root, 'evals', folder), {
        recursive: true,
        dereference: true,
      })
    const lesson = {
      trustJudges: ({
        voice,
        ...options
      }: Parameters<Parameters<typeof openGradingTools>[0]['lesson']['trustJudges']>[0]) =>
        trustJudges({ ...options, judge: openJudge(voice) }),
    }
    const tools = openGradingTools({
      root,
      env,
      signal: new AbortController().signal,
      note: () => {},
      lesson,
    })
    expect(tools.notes()).toEqual([])
    await tools.readyJudge(['evals/rubrics/answer.md'])
    const asked = labels.filter(({ answer }) => answer.trim() !== '').length
    const used = `${asked} times: ${asked} tokens in, ${asked} out`
    expect(tools.notes()).toEqual([
      expect.stringContaining('its scores count'),
      `in addition, the judge was asked ${used}, at an unknown price`,
    ])
  })
})
