import { expect, it } from 'vitest'
import { openLlm } from '#kit/llm/model'
import { createExtractor } from '../../../src/extractor.ts'
import { readFields } from '../../../src/fields.ts'
import { order, orderAnswer, orderData, orderText } from '../../../test/order.ts'

it.each(['zero-shot', 'reason-first'] as const)(
  'extracts through a program that reads a prompt and writes an answer (%s)',
  async (pattern) => {
    const answer = `I looked closely.\n\`\`\`json\n${JSON.stringify(orderAnswer)}\n\`\`\``
    const code = `const prompt = require('fs').readFileSync(0, 'utf8')
      const isSound = prompt.includes('properties') && prompt.includes(${JSON.stringify(orderText.slice(0, 30))})
      console.log(isSound ? ${JSON.stringify(answer)} : 'no schema or no document')`
    const command = JSON.stringify([process.execPath, '-e', code])
    const llm = await openLlm({ env: { AI_PROVIDER: 'command', AI_COMMAND: command }, tasks: {} })
    const extractor = createExtractor(llm, readFields(order), pattern)
    const extraction = await extractor.extract({ name: 'order.eml', text: orderText })
    expect(extraction).toMatchObject({
      ...{ data: orderData, issues: [] },
      provider: { name: 'command', model: expect.stringMatching(/^through node/) },
      usage: { costUsd: null },
    })
  },
)
