import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { openAgentLlm } from '../../../src/agent.ts'

it('says in one line that a program as the model cannot call tools, before a run begins', async () => {
  const io = {
    ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
    signal: new AbortController().signal,
  }
  const env = { AI_PROVIDER: 'command', AI_COMMAND: 'ask' }
  await expect(openAgentLlm(env, io as unknown as Parameters<typeof openAgentLlm>[1])).rejects.toMatchObject({
    ...{ name: 'ConfigError', message: 'AI_PROVIDER=command answers with text only: it cannot call tools' },
  })
})
