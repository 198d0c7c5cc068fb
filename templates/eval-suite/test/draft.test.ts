import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runDraft } from '#kit/cases/draft-command'
import { toErrorMessage } from '#kit/evals/errors'
import { draftFromPassage } from '#kit/offline/draft'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { suiteCase } from '../../../src/cases.ts'
import { needsLabel } from '../../../src/graders/registry.ts'
import { makeRepo, type Repo } from '../../../test/repo.ts'

const rules = { schema: suiteCase, needsLabel }

const OVEN = `# Oven

The descaling programme takes 40 minutes. Nothing may be in the oven while it runs, and the door stays locked until the water is cold.

## Light

The bulb behind the glass cover is replaced by hand, and a new one draws 25 watts at the most. Ask for the flat key.
`
const BINS = `# Bins

The paper bin is emptied on Thursday. Put it out the evening before, with the handle towards the street, and take it in again by noon.
`

/** Answers every question with one sentence. */
const SERVER = `
require('node:http')
  .createServer((_request, response) => response.end('{"answer": "It is emptied on Thursday."}'))
  .listen(Number(process.env.PORT), '127.0.0.1')
`

/** A repo with a bot in a folder of it, which indexes documents that are elsewhere. */
async function makeRepoWithBot(documents: Record<string, string> = { 'oven.md': OVEN, 'bins.md': BINS }) {
  const repo = await makeRepo()
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(repo.root, path)), { recursive: true })
    await writeFile(join(repo.root, path), content)
  }
  const start = [process.execPath, '-e', SERVER]
  const target = { start, url: 'http://127.0.0.1:1', path: '/ask', format: 'json' }
  await write('house-bot/.ai-eng/project.json', JSON.stringify({ template: 'rag-bot', target }))
  for (const [name, content] of Object.entries(documents)) await write(`manuals/${name}`, content)
  const paths = Object.keys(documents).map((name) => [name, join(repo.root, 'manuals', name)])
  const list = { schema: 'ingested.v1', documents: Object.fromEntries(paths) }
  await write('house-bot/.data/ingested.json', JSON.stringify(list))
  return { ...repo, write }
}

/** What the command printed, and the error that it threw. */
async function draft({ root }: Repo, args: readonly string[], env: Record<string, string> = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const io = { env, directory: root, stdin, stdout, stderr, signal: new AbortController().signal }
  const error = await runDraft(args, io, rules).then(() => null, toErrorMessage)
  stdout.end()
  stderr.end()
  return { error, stdout: await text(stdout), stderr: await text(stderr) }
}

const readLines = async (repo: Repo, path: string) =>
  (await repo.read(path))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('npm run eval:draft', () => {
  it('drafts cases from the documents that the bot indexes, wherever they are, and says what they are', async () => {
    const repo = await makeRepoWithBot({ 'oven.md': OVEN, 'bins.md': BINS, 'plan.pdf': '%PDF' })
    const { error, stdout, stderr } = await draft(repo, ['house-bot'])
    expect(error).toBeNull()
    const cases = await readLines(repo, 'evals/house-bot.jsonl')
    expect(cases.map(({ id, tags, input, expected }) => ({ id, tags, input, expected }))).toEqual([
      {
        id: 'bins-1',
        tags: ['draft'],
        input: 'On which day is the paper bin emptied?',
        expected: 'Thursday',
      },
      {
        ...{ id: 'oven-1', tags: ['draft'], expected: '40 minutes' },
        input: 'How long does the descaling programme take?',
      },
      {
        ...{ id: 'oven-2', tags: ['draft'], expected: '25 watts' },
        input: expect.stringMatching(
          /^Light: what belongs in the gap in "The bulb .+ draws … at the most"\?$/,
        ),
      },
    ])
    expect(cases[1].graders).toEqual([
      { type: 'facts', facts: [['40 minutes', '40']] },
      { type: 'citations', documents: ['oven.md'] },
    ])
    expect(stdout).toContain('bins-1\n  On which day is the paper bin emptied?\n  Thursday\n')
    expect(stderr).toContain('3 drafts about 2 documents in evals/house-bot.jsonl, written by rules')
    expect(stderr).toContain('not read: plan.pdf')
    expect(stderr).toContain('No person has checked a draft')
  })

  it('adds the bot to the targets once, and its own cases are what the bot is then asked', async () => {
    const repo = await makeRepoWithBot()
    await draft(repo, ['house-bot', '--count', '1'])
    await draft(repo, ['./house-bot', '--count', '1'])
    const { targets } = JSON.parse(await repo.read('evals/targets.json'))
    expect(targets['house-bot']).toEqual({
      type: 'project',
      directory: 'house-bot',
      cases: 'evals/house-bot.jsonl',
    })
    expect(Object.keys(targets)).toEqual(['handbook', 'handbook-short', 'handbook-curt', 'house-bot'])
    expect((await repo.read('evals/targets.json')).split('\n')).toHaveLength(10)
    const { exitCode, stdout } = await repo.evals(['--target', 'house-bot'])
    expect(exitCode).toBe(4)
    expect(stdout).toContain('2 of the cases are drafts that no person has checked')
    expect(stdout).toContain('NO BASELINE YET')
    expect(stdout).toMatch(/oven-1:\n {2}asked .+\n {2}answer {4}It is emptied on Thursday\./)
  })

  it('asks the model of .env where there is one, and throws away what its passage does not state', async () => {
    const repo = await makeRepoWithBot()
    const replies = [
      '{"question":"When does paper go?","answer":"Thursday"}',
      '{"question":"How hot?","answer":"230 degrees"}',
    ]
    const model = await startScriptedServer({ answer: () => [replies.shift() ?? '{}'] })
    onTestFinished(model.close)
    const { stderr } = await draft(repo, ['house-bot'], model.env)
    const cases = await readLines(repo, 'evals/house-bot.jsonl')
    expect(cases.map(({ input }) => input)).toEqual(['When does paper go?'])
    expect(stderr).toContain('written by openai-compatible / ')
    expect(stderr).toContain('1 more thrown away')
  })

  it.each([
    [[], 'the directory of a bot'],
    [['manuals'], 'does not say how to start and ask it'],
    [['house-bot', '--count', '0'], '--count'],
    [['--keep', 'oven-9'], 'oven-9 is no draft'],
    [['--keep', 'a', '--keep', 'b', '--question', 'Which?'], '--question goes with one'],
  ])('refuses %j', async (args, message) => {
    const { error } = await draft(await makeRepoWithBot(), args)
    expect(error).toContain(message)
  })
})

describe('npm run eval:draft -- --keep', () => {
  it('takes the tag off the cases that were checked, and leaves every other line as it is', async () => {
    const repo = await makeRepoWithBot()
    await draft(repo, ['house-bot'])
    const [first, ...others] = (await repo.read('evals/house-bot.jsonl')).split('\n')
    const { error } = await draft(repo, ['--keep', 'bins-1', '--question', 'When do I put out the paper?'])
    expect(error).toBeNull()
    const [kept = '', ...left] = (await repo.read('evals/house-bot.jsonl')).split('\n')
    expect(JSON.parse(kept)).toEqual({
      ...JSON.parse(first ?? ''),
      ...{ tags: [], input: 'When do I put out the paper?' },
    })
    expect(left).toEqual(others)
  })

  it('changes nothing for a question that gives its answer away', async () => {
    const repo = await makeRepoWithBot()
    await draft(repo, ['house-bot'])
    const before = await repo.read('evals/house-bot.jsonl')
    const { error } = await draft(repo, ['--keep', 'bins-1', '--question', 'Is it Thursday?'])
    expect(error).toContain('the question holds the answer')
    expect(await repo.read('evals/house-bot.jsonl')).toBe(before)
  })
})

describe('a bot without cases', () => {
  it('whose documents are not those of its template is not asked about those: the run says how to draft', async () => {
    const repo = await makeRepoWithBot()
    expect(await repo.evals(['--target', './house-bot'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no cases about them yet\n.*npm run eval:draft -- \.\/house-bot\n$/),
    })
  })

  it('that still has the documents of its template is asked about those', async () => {
    const sample = await readLines(await makeRepo(), 'evals/rag-bot-sample.jsonl')
    const names = sample.flatMap(({ graders }) =>
      graders.flatMap(({ documents = [] }: { documents?: string[] }) => documents),
    )
    const repo = await makeRepoWithBot(Object.fromEntries(names.map((name: string) => [name, 'text'])))
    const { stdout } = await repo.evals(['--target', './house-bot', '--filter', 'stolen-device'])
    expect(stdout).toContain('stolen-device')
  })
})

describe('the rules that draft without a model', () => {
  const draftOf = (sentence: string) => JSON.parse(draftFromPassage({ heading: 'Here', text: sentence }))

  it.each([
    [
      'The Team plan costs €39 per technician and month.',
      'How much does the Team plan cost per technician and month?',
      '€39',
    ],
    [
      'Nightly dumps of the hooks database are kept for 7 days.',
      'For how long are Nightly dumps of the hooks database kept?',
      '7 days',
    ],
    [
      'A stolen laptop must be reported within 1 hour.',
      'Within what time must a stolen laptop be reported?',
      '1 hour',
    ],
    ['The gate is locked at 22:00.', 'At what time is the gate locked?', '22:00'],
    [
      'In winter, two of them stay for 3 weeks or more, as the log says.',
      'Here: what belongs in the gap in "In winter, two of them stay for … or more, as the log says"?',
      '3 weeks',
    ],
  ])('ask about %j', (sentence, question, answer) => {
    expect(draftOf(sentence)).toEqual({ question, answer })
  })

  it.each([
    'What costs 9 euros?',
    'Short.',
    '**Status:** accepted, 2024-01-01',
    'Nothing here can be counted, named or dated.',
  ])('leave out %j', (sentence) => {
    expect(draftOf(sentence)).toEqual({})
  })
})
