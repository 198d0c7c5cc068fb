import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { JudgeError } from '#kit/judge/voice'
import { formatAgreement, measureAgreement } from '../../src/judge/agreement.ts'
import { formatBiases, measureBiases } from '../../src/judge/bias.ts'
import { checkJudge } from '../../src/judge/check.ts'
import type { Judge } from '../../src/judge/judge.ts'
import { type Label, readLabels } from '../../src/judge/labels.ts'
import { readRubric } from '../../src/judge/rubric.ts'
import { trustJudges } from '../../src/judge/trust.ts'
import { judgeAt, rubric } from './judge-server.ts'

const how = { concurrency: 4, signal: new AbortController().signal }

const labels: Label[] = Array.from({ length: 24 }, (_, index) => ({
  ...{ id: `l${index}`, question: `Question ${index >> 1}?`, reference: 'right', sources: [], why: 'w' },
  ...(index % 2 === 0
    ? { answer: 'A right answer.', pass: true }
    : { answer: 'A wrong answer.', pass: false }),
}))

/** Scores by what the answer is, as `scoreLevel` says. */
function judgeWho(scoreLevel: (answer: string, index: number) => number): Judge {
  let asked = 0
  return {
    name: 'somebody',
    score: async ({ answer }) => {
      const level = scoreLevel(answer, asked++)
      return { level, pass: level >= rubric.pass, score: (level - 1) / 3, reason: '' }
    },
    prefer: async (_judged, [first]) => ({ better: first.includes('right') ? 0 : 1, dependsOnOrder: false }),
  }
}

const fair = (answer: string) => (answer.includes('right') ? 4 : 1)

async function rootWith(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'judge-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

const lines = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('')
const RUBRIC = { 'evals/rubrics/answer.md': rubric.text }

describe('how far a judge agrees with people', () => {
  it('is trusted from the low end of the interval on', async () => {
    const agreement = await measureAgreement(judgeWho(fair), rubric, labels, how)
    expect(agreement).toMatchObject({ trusted: true, tooStrict: [], tooLenient: [], labels: 24 })
    expect(formatAgreement(agreement)).toBe(
      "somebody and people on 24 labelled answers: Cohen's kappa 1.00 (95% 0.72 to 1.00); its scores count",
    )
  })

  it.each([
    ['passes everything', () => 4],
    ['passes nothing', () => 1],
    ['says the opposite', (answer: string) => 5 - fair(answer)],
    [
      'is right three times in four',
      (answer: string, index: number) => (index % 8 < 2 ? 5 - fair(answer) : fair(answer)),
    ],
  ])('is not trusted when it %s', async (_name, scoreLevel) => {
    const agreement = await measureAgreement(judgeWho(scoreLevel), rubric, labels, how)
    expect(agreement.trusted).toBe(false)
    expect(formatAgreement(agreement)).toContain('do not count')
  })

  it('names the answers that it sees differently', async () => {
    const agreement = await measureAgreement(
      judgeWho((answer, index) => (index < 2 ? 5 - fair(answer) : fair(answer))),
      rubric,
      labels,
      { ...how, concurrency: 1 },
    )
    expect(agreement).toMatchObject({ tooStrict: ['l0'], tooLenient: ['l1'] })
  })

  it('counts an answer without a verdict as a disagreement, and names it', async () => {
    const { judge } = await judgeAt(({ prompt, mark }) => {
      if (prompt.includes('Question 3?')) return 'I will not grade this.'
      return `${mark}: ${prompt.includes('A right answer.') ? 4 : 1}`
    })
    const agreement = await measureAgreement(judge, rubric, labels, how)
    expect(agreement).toMatchObject({ unjudged: ['l6', 'l7'], tooStrict: ['l6'], tooLenient: ['l7'] })
    expect(agreement.kappa?.kappa).toBeLessThan(1)
    const root = await rootWith({ ...RUBRIC, 'evals/judge/answer.jsonl': lines(labels) })
    const { text } = await checkJudge({ root, judge, rubric: 'evals/rubrics/answer.md', ...how })
    expect(text).toContain('gives no verdict, which counts as a disagreement: l6, l7\n')
  })

  it('cannot be told from a judge that fails: that is an error', async () => {
    const { judge } = await judgeAt(() => 'garbage')
    await expect(measureAgreement(judge, rubric, labels, how)).rejects.toThrow(JudgeError)
  })
})

describe('a judge of graders', () => {
  const open = async (
    judge: Judge,
    files: Record<string, string> = { ...RUBRIC, 'evals/judge/answer.jsonl': lines(labels) },
  ) => {
    const notes: string[] = []
    const root = await rootWith(files)
    return { notes, tools: trustJudges({ root, judge, ...how, note: (line) => notes.push(line) }) }
  }
  const judged = { question: 'q', answer: 'A right answer.', sources: [] }

  it('is measured once, and its agreement said, before it scores', async () => {
    let asked = 0
    const { tools, notes } = await open(
      judgeWho((answer) => {
        asked++
        return fair(answer)
      }),
    )
    const [judge] = await Promise.all([tools('evals/rubrics/answer.md'), tools('evals/rubrics/answer.md')])
    expect(notes).toEqual([expect.stringContaining('its scores count')])
    expect(asked).toBe(24)
    expect(await judge.score(judged, how.signal)).toMatchObject({ pass: true })
  })

  it('that does not agree with people gives no scores, however often it is asked', async () => {
    const { tools, notes } = await open(judgeWho(() => 4))
    for (let times = 0; times < 2; times++)
      await expect(tools('evals/rubrics/answer.md')).rejects.toThrow('do not count')
    expect(notes).toEqual([])
  })

  it.each([
    ['no rubric', { 'evals/judge/answer.jsonl': lines(labels) }],
    ['no labels', RUBRIC],
    [
      'a rubric without levels',
      { 'evals/rubrics/answer.md': 'Be nice.\nPass: 3', 'evals/judge/answer.jsonl': lines(labels) },
    ],
  ])('with %s gives no scores', async (_name, files) => {
    const { tools } = await open(judgeWho(fair), files)
    await expect(tools('evals/rubrics/answer.md')).rejects.toThrow('evals/')
  })
})

describe('labels and rubrics', () => {
  const read = async (text: string) => readLabels(await rootWith({ 'labels.jsonl': text }), 'labels.jsonl')

  it.each([
    ['few', lines(labels.slice(0, 10)), /Label 20|5 answers that pass/],
    [
      'all of one kind',
      lines(labels.map((label) => ({ ...label, pass: true }))),
      /24 answers that pass and 0/,
    ],
    ['twice the same', lines([...labels, ...labels]), /twice/],
    ['no JSON', `${lines(labels)}nonsense\n`, /labels.jsonl:25/],
    [
      'a pass that is neither',
      lines([...labels, { ...labels[0], id: 'x', pass: 'yes' }]),
      /labels.jsonl:25: pass/,
    ],
    ['nothing', '', /0 answers that pass/],
  ])('that are %s measure nothing', async (_name, text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })

  it.each([
    ['- 1: a\nPass: 1', 'two levels'],
    ['- 1: a\n- 3: b\nPass: 3', 'missing'],
    ['- 1: a\n- 1: b\nPass: 1', 'twice'],
    ['- 1: a\n- 2: b', 'no line'],
    ['- 1: a\n- 2: b\nPass: 3', 'no line'],
    ['- 1: a\n- 2: b\nPass: 1', 'every answer'],
  ])('a rubric that says %j is none', async (text, message) => {
    await expect(readRubric(await rootWith({ 'r.md': text }), 'r.md')).rejects.toThrow(message)
  })
})

describe('what must not move a judge', () => {
  it('moves nothing in one that looks at the answer', async () => {
    expect(
      (await measureBiases(judgeWho(fair), rubric, labels, how)).map(({ moved, of }) => [moved.length, of]),
    ).toEqual([
      [0, 12],
      [0, 12],
      [0, 12],
    ])
  })

  it('is found in one that likes long answers, what it is asked for, and what stands first', async () => {
    const judge: Judge = {
      ...judgeWho((answer) =>
        answer.length > 300 || /highest|consider it equal/.test(answer) ? 4 : fair(answer),
      ),
      prefer: async () => ({ better: null, dependsOnOrder: true }),
    }
    const [order, length, asking] = await measureBiases(judge, rubric, labels, how)
    expect([order?.moved.length, length?.moved.length]).toEqual([12, 12])
    expect(asking?.moved.length).toBeGreaterThan(0)
    expect(formatBiases([{ name: 'length', moved: ['l1'], of: 12 }])).toBe('length: 1 of 12 (l1)')
  })
})

describe('the check of a judge', () => {
  it('says how far it agrees, where it does not, and what moves it', async () => {
    const root = await rootWith({ ...RUBRIC, 'evals/judge/answer.jsonl': lines(labels) })
    const judge = judgeWho((answer) => (answer.length > 300 ? 4 : fair(answer)))
    expect(await checkJudge({ root, judge, rubric: 'evals/rubrics/answer.md', ...how })).toEqual({
      trusted: true,
      text: expect.stringMatching(
        /^somebody and people on 24 .*its scores count\n\nthe order of two answers decides: 0 of 12\nsaying nothing at length raises the level: 12 of 12 \(l1, .*\nasking for it raises the level: 0 of 12\n$/,
      ),
    })
  })
})
