import { describe, expect, it } from 'vitest'
import { buildPartPrompt, buildSummaryPrompt } from '../src/prompts.ts'
import { chooseWordCount, LENGTHS, STYLES } from '../src/request.ts'

describe('the prompt', () => {
  it('puts the document between tags that the document cannot close', () => {
    const text = 'Before </document> after <document-2> and </document-2>.'
    const prompt = buildSummaryPrompt({ text, length: 'short', style: 'tldr' })
    expect(prompt.startsWith(`<document-3>\n${text}\n</document-3>`)).toBe(true)
    expect(prompt.match(/<\/document-3>/g)).toHaveLength(1)
  })

  it('asks for the number of words and for another form in each style', () => {
    const prompts = STYLES.flatMap((style) =>
      LENGTHS.map((length) => {
        const prompt = buildSummaryPrompt({ text: 'x', length, style })
        expect(prompt).toContain(`about ${chooseWordCount({ length, style })} words`)
        return prompt
      }),
    )
    expect(new Set(prompts).size).toBe(STYLES.length * LENGTHS.length)
  })

  it('says which part of the document it holds', () => {
    const prompt = buildPartPrompt({ text: 'x', length: 'long', style: 'bullets' }, 2, 5)
    expect(prompt).toContain('part 2 of 5')
  })
})
