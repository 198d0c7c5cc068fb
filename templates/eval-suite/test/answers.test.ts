import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { askTarget, hashQuestion } from '#kit/answers/answering'
import { openAnswers } from '#kit/answers/answers'
import type { Target } from '#kit/targets/target'
import { suiteCase } from '../../../src/cases.ts'

const signal = new AbortController().signal

async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'answers-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const answered = (output: string) => ({ output, latencyMs: 5 })

describe('kept answers', () => {
  it('survive a kill at every byte of the last line, and the next one is kept whole', async () => {
    const path = join(await makeFolder(), 'answers.jsonl')
    await (await openAnswers(path)).add({ key: 'a', answered: answered('first') })
    const first = await readFile(path, 'utf8')
    const second = `${JSON.stringify({ key: 'b', answered: answered('sécond') })}\n`
    const bytes = Buffer.from(second)
    for (let length = 0; length < bytes.length; length++) {
      await writeFile(path, Buffer.concat([Buffer.from(first), bytes.subarray(0, length)]))
      const answers = await openAnswers(path)
      expect([answers.size, answers.get('b')]).toEqual([1, undefined])
      await answers.add({ key: 'c', answered: answered('third') })
      const again = await openAnswers(path)
      expect([again.get('a')?.output, again.get('c')?.output]).toEqual(['first', 'third'])
    }
  })

  it('get one line each, however many are added at once', async () => {
    const path = join(await makeFolder(), 'answers.jsonl')
    const answers = await openAnswers(path)
    const keys = Array.from({ length: 50 }, (_, index) => `key ${index}`)
    await Promise.all(keys.map((key) => answers.add({ key, answered: answered(key.repeat(500)) })))
    expect((await openAnswers(path)).size).toBe(50)
  })

  it('leave out a line that is no answer', async () => {
    const path = join(await makeFolder(), 'answers.jsonl')
    await appendFile(path, '{"key":"a","answered":{"output":1}}\nnot JSON\n')
    expect((await openAnswers(path)).size).toBe(0)
  })
})

describe('the key of an answer', () => {
  const asked = { input: 'q', files: [{ path: 'a.md', text: 'A' }] }
  const key = hashQuestion({ prompt: 'p' }, asked, 0)

  it('is another for another prompt, question, file, text or repeat, and for nothing else', () => {
    const others = [
      hashQuestion({ prompt: 'P' }, asked, 0),
      hashQuestion({ prompt: 'p' }, { ...asked, input: 'Q' }, 0),
      hashQuestion({ prompt: 'p' }, { ...asked, files: [{ path: 'b.md', text: 'A' }] }, 0),
      hashQuestion({ prompt: 'p' }, { ...asked, files: [{ path: 'a.md', text: 'B' }] }, 0),
      hashQuestion({ prompt: 'p' }, { ...asked, files: [] }, 0),
      hashQuestion({ prompt: 'p' }, asked, 1),
    ]
    expect(new Set([key, ...others]).size).toBe(7)
    expect(hashQuestion({ prompt: 'p' }, { ...asked }, 0)).toBe(key)
  })
})

describe('asking', () => {
  const testCase = suiteCase.parse({ id: 'a', input: 'q', graders: [{ type: 'length', max: 5 }] })

  function scripted(changes: Partial<Target> = {}) {
    let calls = 0
    const target: Target = {
      version: 'v1',
      identity: async () => ({ name: 'p', model: 'm', deterministic: false }),
      answer: async () => answered(`answer ${++calls}`),
      close: async () => {},
      ...changes,
    }
    return { target, calls: () => calls }
  }

  async function open(target: Target, folder: string) {
    const cache = await openAnswers(join(folder, 'cache.jsonl'))
    const journal = await openAnswers(join(folder, 'journal.jsonl'))
    const kept = { cache, journal: { open: async () => journal } }
    return askTarget({ get: async () => target, settings: {} }, kept, folder)
  }

  it('takes what the run before the kill was told, also of a target that is never cached', async () => {
    const folder = await makeFolder()
    const { target, calls } = scripted({ version: null })
    await (await open(target, folder)).answer(testCase, signal, 0)
    const resumed = await open(target, folder)
    expect(await resumed.answer(testCase, signal, 0)).toMatchObject({ output: 'answer 1' })
    expect([calls(), resumed.notes()]).toEqual([1, ['1 answers from the run that was cut off']])
  })

  it('asks a target whose version is another, or unknown, again', async () => {
    for (const version of ['v2', null]) {
      const folder = await makeFolder()
      const { target, calls } = scripted()
      await (await open(target, folder)).answer(testCase, signal, 0)
      await rm(join(folder, 'journal.jsonl'))
      await (await open({ ...target, version }, folder)).answer(testCase, signal, 0)
      expect({ version, calls: calls() }).toEqual({ version, calls: 2 })
    }
  })

  it('keeps no error', async () => {
    const folder = await makeFolder()
    const { target } = scripted({ answer: () => Promise.reject(new Error('busy')) })
    await expect((await open(target, folder)).answer(testCase, signal, 0)).rejects.toThrow('busy')
    expect((await openAnswers(join(folder, 'journal.jsonl'))).size).toBe(0)
  })

  it('refuses an answer by another model than the one that the run is of', async () => {
    const other = { ...answered('x'), provider: { name: 'p', model: 'fallback', deterministic: false } }
    const { target } = scripted({ answer: async () => other })
    await expect((await open(target, await makeFolder())).answer(testCase, signal, 0)).rejects.toThrow(
      'answered by p / fallback, not by p / m',
    )
  })

  it('keeps an answer without text, and fails its case: what looks for forbidden words would pass it', async () => {
    const root = await makeFolder()
    const { target } = scripted({ answer: async () => answered(' \n') })
    const cache = await openAnswers(join(root, 'cache.jsonl'))
    const kept: string[] = []
    const { answer } = askTarget(
      { get: async () => target, settings: {} },
      { cache, journal: null, onAnswer: ({ answered: { output } }) => kept.push(output) },
      root,
    )
    for (const attempt of [0, 0])
      await expect(answer(testCase, signal, attempt)).rejects.toMatchObject({
        name: 'LlmError',
        kind: 'empty',
      })
    expect(kept).toEqual([' \n', ' \n'])
    expect(cache.size).toBe(1)
  })
})
