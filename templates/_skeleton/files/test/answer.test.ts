import { describe, expect, it } from 'vitest'
import { openLlm } from '#kit/llm/model'
import { offlineTasks } from '#kit/offline/tasks'
import { answerAbout } from '../src/answer.ts'

async function collect(text: string): Promise<string> {
  const llm = await openLlm({ env: {}, tasks: offlineTasks })
  let answer = ''
  for await (const delta of answerAbout(llm, text)) answer += delta
  return answer
}

describe('the answer without a key', () => {
  it('quotes the first sentence of the prose, not the heading', async () => {
    expect(await collect('# Title\n\nOne thing. Another thing.')).toBe('One thing.')
  })

  it('follows the text', async () => {
    expect(await collect('Bread needs 4 hours. It rests.')).toBe('Bread needs 4 hours.')
  })
})
