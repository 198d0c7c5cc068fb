import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openPromptTarget } from '../../../../src/prompt.ts'

it('asks a program that reads a prompt and writes an answer, and names it in reports', async () => {
  const root = await mkdtemp(join(tmpdir(), 'suite-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'prompts'))
  await writeFile(join(root, 'prompts/short.md'), 'Be brief.\n---\n{{input}}\n')
  const code =
    "console.log(require('fs').readFileSync(0, 'utf8').includes('Peru') ? '<think>Cusco?</think>Lima' : '')"
  const env = { AI_PROVIDER: 'command', AI_COMMAND: JSON.stringify([process.execPath, '-e', code]) }
  const spec = { type: 'prompt' as const, prompt: 'prompts/short.md', maxWords: 20 }
  const target = await openPromptTarget(spec as Parameters<typeof openPromptTarget>[0], { root, env })
  const signal = new AbortController().signal
  expect(await target.identity(signal)).toMatchObject({
    name: 'command',
    model: expect.stringMatching(/^through node/),
  })
  expect(target.version).toBeNull()
  const answer = await target.answer({ input: 'What is the capital of Peru?', files: [] }, signal)
  expect(answer).toMatchObject({ output: 'Lima', usage: { costUsd: null } })
})
