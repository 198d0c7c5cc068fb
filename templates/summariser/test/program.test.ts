import { expect, it } from 'vitest'
import { openLlm } from '#kit/llm/model'
import { offlineTasks } from '#kit/offline/tasks'
import { summarise } from '../../../src/summarise.ts'

it('summarises through a program that reads a prompt and writes an answer', async () => {
  const code =
    "console.log(require('fs').readFileSync(0, 'utf8').includes('pier four') ? 'Nine ferries.' : '')"
  const env = { AI_PROVIDER: 'command', AI_COMMAND: JSON.stringify([process.execPath, '-e', code]) }
  const llm = await openLlm({ env, tasks: offlineTasks })
  const text = 'The ferry leaves at nine from pier four.'
  let summary = ''
  for await (const delta of summarise(llm, { text, length: 'short', style: 'paragraph' }, {}))
    summary += delta
  expect(summary).toBe('Nine ferries.')
  expect(llm.meter.total()).toMatchObject({ calls: 1, costUsd: null, estimated: true })
})
