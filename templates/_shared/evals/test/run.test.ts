import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { parseCases } from '#kit/evals/cases'
import { runCases } from '#kit/evals/evaluate'
import type { Suite } from '#kit/evals/suite'
import { type CapitalCase, capitalCase, createTinySuite, FRANCE, ITALY, SPAIN } from '#kit/testing/tiny-suite'

const signal = new AbortController().signal
const cases = parseCases(
  [FRANCE, ITALY, SPAIN].map((line) => JSON.stringify(line)).join('\n'),
  'cases',
  capitalCase,
)

function run(changes: Partial<Suite<CapitalCase>>, concurrency = 3) {
  return runCases(createTinySuite(changes), cases, { concurrency, signal })
}

const outcomes = (results: Awaited<ReturnType<typeof run>>) =>
  results.map(({ id, outcome }) => `${id} ${outcome}`)

describe('runCases', () => {
  it('passes a case when every grader does, and counts its own tokens', async () => {
    const [france] = await run({})
    expect(france).toMatchObject({
      id: 'france',
      outcome: 'pass',
      score: 1,
      output: 'It is Paris.',
      error: null,
    })
    expect(france?.usage.outputTokens).toBeGreaterThan(0)
  })

  it('fails a case when one grader of several does, and scores it by their mean', async () => {
    const never = () => ({ pass: false, score: 0.5, reason: 'never good enough' })
    const [france] = await run({ graders: { ...createTinySuite().graders, never } })
    expect(france).toMatchObject({ outcome: 'fail', score: 0.75 })
    expect(france?.grades.map(({ grader, pass }) => [grader, pass])).toEqual([
      ['capital', true],
      ['never', false],
    ])
  })

  it('keeps the order of the cases, whichever finishes first', async () => {
    const finished: string[] = []
    const after: Record<string, string> = { france: 'italy', italy: 'spain' }
    const answer = async ({ id, capital }: CapitalCase) => {
      while (after[id] !== undefined && !finished.includes(after[id])) await sleep(1)
      finished.push(id)
      return capital
    }
    expect(outcomes(await run({ answer }))).toEqual(['france pass', 'italy pass', 'spain pass'])
    expect(finished).toEqual(['spain', 'italy', 'france'])
  })

  it('runs no more cases at a time than asked for', async () => {
    let now = 0
    let most = 0
    const answer = async () => {
      most = Math.max(most, ++now)
      await sleep(5)
      now--
      return ''
    }
    await run({ answer }, 2)
    expect(most).toBe(2)
  })

  it('makes an error of a case that throws, and runs the others', async () => {
    const answer = async ({ id, capital }: CapitalCase) => {
      if (id === 'italy') throw new Error('no answer came')
      return capital
    }
    const results = await run({ answer })
    expect(outcomes(results)).toEqual(['france pass', 'italy error', 'spain pass'])
    expect(results[1]).toMatchObject({ score: null, error: 'no answer came', grades: [] })
  })

  it('makes an error of a case that takes too long, even if it ignores its signal', async () => {
    const answer = ({ id, capital }: CapitalCase) =>
      id === 'italy' ? new Promise<string>(() => {}) : Promise.resolve(capital)
    const results = await run({ answer, caseTimeoutMs: 50 })
    expect(outcomes(results)).toEqual(['france pass', 'italy error', 'spain pass'])
    expect(results[1]?.error).toBe('timed out after 50 ms')
  })

  it('does not take what is returned on abort for an answer in time', async () => {
    const answer = ({ capital }: CapitalCase, _llm: unknown, caseSignal: AbortSignal) =>
      new Promise<string>((resolve) => caseSignal.addEventListener('abort', () => resolve(capital)))
    expect(outcomes(await run({ answer, caseTimeoutMs: 20 }))).toEqual([
      'france error',
      'italy error',
      'spain error',
    ])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.1])(
    'makes an error of the score %d',
    async (score) => {
      const results = await run({ graders: { odd: () => ({ pass: true, score, reason: '' }) } })
      expect(outcomes(results)).toEqual(['france error', 'italy error', 'spain error'])
      expect(results[0]).toMatchObject({
        error: expect.stringContaining('grader odd: score'),
        output: 'It is Paris.',
      })
    },
  )

  it('makes an error of a grader that throws, however many others pass', async () => {
    const judge = () => Promise.reject(new Error('the judge gave no verdict'))
    const results = await run({ graders: { ...createTinySuite().graders, judge } })
    expect(results[0]).toMatchObject({ outcome: 'error', error: 'grader judge: the judge gave no verdict' })
  })

  it('refuses a suite without graders', async () => {
    await expect(run({ graders: {} })).rejects.toThrow('no grader')
  })

  it('rejects when interrupted, at once, and starts no further case', async () => {
    const interrupt = new AbortController()
    const started: string[] = []
    const answer = ({ id }: CapitalCase) => {
      started.push(id)
      interrupt.abort(new Error('stop'))
      return new Promise<string>(() => {})
    }
    const running = runCases(createTinySuite({ answer }), cases, { concurrency: 1, signal: interrupt.signal })
    await expect(running).rejects.toThrow('stop')
    expect(started).toEqual(['france'])
  })

  it('starts no further case when interrupted between two', async () => {
    const interrupt = new AbortController()
    const finished: string[] = []
    const onResult = ({ id }: { id: string }) => {
      finished.push(id)
      interrupt.abort(new Error('stop'))
    }
    const options = { concurrency: 1, signal: interrupt.signal, onResult }
    await expect(runCases(createTinySuite(), cases, options)).rejects.toThrow('stop')
    expect(finished).toEqual(['france'])
  })
})
