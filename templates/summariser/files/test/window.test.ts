import { describe, expect, it, onTestFinished } from 'vitest'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { openLlm } from '#kit/llm/model'
import { estimateTokens } from '#kit/llm/tokens'
import { createRandom, SEED } from '#kit/testing/random'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { buildPartPrompt, SYSTEM } from '../src/prompts.ts'
import { fitIntoWindow, MAX_OUTPUT_TOKENS, takeNotes } from '../src/window.ts'

const WINDOW = 4_096

/** A server that is not a model: a test says what it answers to a prompt. It reads 4096 tokens. */
async function serve(answer: (prompt: string) => string) {
  const server = await startScriptedServer({ answer: (prompt) => [answer(prompt)] })
  onTestFinished(server.close)
  const env = { ...server.env, AI_CONTEXT_WINDOW: String(WINDOW) }
  return { requests: server.requests, llm: await openLlm({ env, tasks: {}, policy: { maxRetries: 0 } }) }
}

/** The lines between the tags. */
function readDocument(prompt: string): string[] {
  return /^<([\w-]+)>\n([\s\S]*)\n<\/\1>/.exec(prompt)?.[2]?.split('\n') ?? []
}

describe('notes on parts', () => {
  it('are one answer for each part, in order, with an empty line between them', async () => {
    const { llm } = await serve((prompt) => `Noted: ${readDocument(prompt)[0]}`)
    expect(await takeNotes(llm, ['one\n', 'two\n', 'three'], {})).toBe(
      'Noted: one\n\nNoted: two\n\nNoted: three',
    )
  })

  it('are asked for with the rules, as a long list, with the number of the part and of all, and a limit', async () => {
    const { llm, requests } = await serve(() => '- Noted.')
    await takeNotes(llm, ['The ferry leaves.', 'It is late.'], {})
    const buildExpected = (text: string, part: number) => ({
      max_tokens: MAX_OUTPUT_TOKENS,
      messages: [
        { role: 'system', content: SYSTEM },
        { role: 'user', content: buildPartPrompt({ text, length: 'long', style: 'bullets' }, part, 2) },
      ],
    })
    expect(requests.map(({ max_tokens, messages }) => ({ max_tokens, messages }))).toEqual([
      buildExpected('The ferry leaves.', 1),
      buildExpected('It is late.', 2),
    ])
  })

  it('are asked of the offline provider, which reads no prompt, as data', async () => {
    const inputs: unknown[] = []
    const tasks: HeuristicTasks = {
      summarise(input) {
        inputs.push(input)
        return 'Noted.'
      },
    }
    await takeNotes(await openLlm({ env: {}, tasks }), ['The ferry leaves.'], {})
    expect(inputs).toEqual([{ text: 'The ferry leaves.', length: 'long', style: 'bullets', words: 260 }])
  })

  it('report each part before its call, and stop between parts with the reason of the signal', async () => {
    const { llm, requests } = await serve(() => 'Noted.')
    const controller = new AbortController()
    const reported: string[] = []
    const onPart = (part: number, parts: number) => {
      reported.push(`part ${part} of ${parts}, after ${requests.length} calls`)
      if (part === 2) controller.abort(new Error('Enough'))
    }
    const notes = takeNotes(llm, ['one', 'two', 'three'], { signal: controller.signal, onPart })
    await expect(notes).rejects.toThrow('Enough')
    expect(reported).toEqual(['part 1 of 3, after 0 calls', 'part 2 of 3, after 1 calls'])
  })
})

describe('a text', () => {
  it('that fits stays what it is, without a call; so does none but what fits', async () => {
    const { llm, requests } = await serve(() => 'Noted.')
    const text = 'The ferry leaves at nine.'
    expect(await fitIntoWindow(llm, text, {})).toBe(text)
    expect(requests).toEqual([])
    expect(await fitIntoWindow(llm, `${text}\n`.repeat(600), {})).not.toContain(text)
  })

  it(`that is too long is read to its end, in calls that fit (seed ${SEED})`, async () => {
    const random = createRandom()
    // The server copies out the lines that start with FACT, as a good note would.
    const pickFacts = (lines: readonly string[]) => lines.filter((line) => line.startsWith('FACT'))
    const { llm, requests } = await serve(
      (prompt) => pickFacts(readDocument(prompt)).join('\n') || 'Nothing.',
    )
    for (let round = 0; round < 5; round++) {
      const lines = Array.from({ length: random.whole(160, 500) }, (_, index) =>
        random.whole(1, 12) === 1
          ? `FACT ${index}${random.pick(['', '\n'])}`
          : 'Words that matter to nobody who reads them later.',
      )
      const fitted = await fitIntoWindow(llm, lines.join('\n'), {})
      expect(pickFacts(fitted.split('\n'))).toEqual(pickFacts(lines).map((line) => line.trimEnd()))
    }
    const tokens = requests.map(({ messages }) => estimateTokens(messages.map((m) => m.content).join('\n')))
    expect(Math.max(...tokens)).toBeLessThan(WINDOW - MAX_OUTPUT_TOKENS)
  })

  it('is read again and again while the notes are too long', async () => {
    // The server keeps every third line.
    const { llm } = await serve((prompt) =>
      readDocument(prompt)
        .filter((_, index) => index % 3 === 0)
        .join('\n'),
    )
    const text = Array.from({ length: 1_500 }, (_, index) => `Line ${index} of a long log.`).join('\n')
    const rounds: number[] = []
    const fitted = await fitIntoWindow(llm, text, {
      onPart: (part, parts) => void (part === 1 && rounds.push(parts)),
    })
    expect(rounds.length).toBeGreaterThan(1)
    expect(rounds).toEqual([...rounds].sort((a, b) => b - a))
    expect(estimateTokens(fitted)).toBeLessThan(WINDOW - MAX_OUTPUT_TOKENS)
    expect(fitted).toContain('Line 0 of a long log.')
  })

  it('whose notes are not shorter is an error, and no calls without end; so is a window without room', async () => {
    let calls = 0
    const { llm } = await serve((prompt) => {
      calls += 1
      // Only so that a loop without an end ends here.
      return calls > 100 ? 'Stop.' : readDocument(prompt).join('\n')
    })
    const text = 'The ferry leaves at nine.\n'.repeat(600)
    await expect(fitIntoWindow(llm, text, {})).rejects.toThrow('not shorter than half')
    await expect(fitIntoWindow({ ...llm, contextWindow: 2_500 }, 'Short.', {})).rejects.toThrow('too small')
  })
})
