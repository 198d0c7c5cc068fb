import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { extractSentences } from '#kit/offline/sentences'
import { summariseHeuristically } from '#kit/offline/summarise'
import { chooseWordCount, LENGTHS, STYLES, type SummaryRequest } from '../../../src/request.ts'

const folder = new URL('../../../evals/documents/', import.meta.url)
const documents = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
const collapse = (text: string) => text.replaceAll(/^[\s>]*(?:[-*] |\d+\. )?/gm, '').replaceAll(/\s+/g, ' ')
const summariseOffline = (request: SummaryRequest) =>
  summariseHeuristically({ ...request, words: chooseWordCount(request) })
const paragraph = (text: string) => summariseOffline({ text, length: 'medium', style: 'paragraph' })

describe('the heuristic summary', () => {
  it('quotes: every sentence stands in the document, in the same order', () => {
    for (const text of documents) {
      for (const length of LENGTHS) {
        for (const style of STYLES) {
          const lines = summariseOffline({
            text,
            length,
            style: style === 'paragraph' ? 'bullets' : style,
          }).split('\n')
          const places = lines.map((line) => collapse(text).indexOf(collapse(line).trim()))
          expect(lines.filter((_, i) => places[i] === -1)).toEqual([])
          expect(places).toEqual([...places].sort((a, b) => a - b))
        }
      }
    }
  })

  it('is the same every time', () => {
    for (const text of documents) expect(paragraph(text)).toBe(paragraph(text))
  })

  it('follows the document: other names and numbers in, other names and numbers out', () => {
    for (const text of documents) {
      const swap = (from: string) =>
        from.replaceAll(/\d/g, (digit) => String((Number(digit) + 3) % 10)).replaceAll('Anders', 'Birger')
      expect(paragraph(swap(text))).toBe(swap(paragraph(text)))
    }
  })

  it('keeps to the length that was asked for', () => {
    for (const text of documents) {
      const words = LENGTHS.map(
        (length) => summariseOffline({ text, length, style: 'paragraph' }).split(/\s+/).length,
      )
      expect(words[0]).toBeLessThanOrEqual(60)
      expect(words[2]).toBeLessThanOrEqual(260)
      expect(words).toEqual([...words].sort((a, b) => a - b))
    }
  })

  it.each([
    ['one word', 'Hello', 'Hello'],
    ['one sentence', 'The dog barked at the moving van.', 'The dog barked at the moving van.'],
    ['headings only', '# Alpha\n\n## Beta\n', '# Alpha ## Beta'],
  ])('has something to say about %s', (_, text, summary) => {
    expect(paragraph(text)).toBe(summary)
  })

  it('does not take code, tables, headings and comments for prose', () => {
    const text = [
      '# A heading with quite a few words in it',
      'The first real sentence of this page is here.',
      '```js\nconst nobody = "should ever quote this line of code"\n```',
      '| a table | with a lot of cells | that say nothing |',
      '<!-- a comment that nobody is meant to read or to quote -->',
      'The second real sentence of this page is here.',
    ].join('\n\n')
    expect(extractSentences(text).map((sentence) => sentence.text)).toEqual([
      'The first real sentence of this page is here.',
      'The second real sentence of this page is here.',
    ])
  })

  it('quotes a mail, not what the mail quotes, nor its headers and signature', () => {
    const mail =
      'From: Ada\nSubject: Lunch\nDate: today\n\nWe should all meet for lunch on Friday at noon.\n\n> Who wants to meet for lunch at some time this week?\n\n-- \nAda, Department of Long Signatures and Even Longer Titles'
    expect(extractSentences(mail).map(({ text }) => text)).toEqual([
      'We should all meet for lunch on Friday at noon.',
    ])
  })

  it('does not end a sentence at an abbreviation', () => {
    const text =
      'Yesterday Dr. Okafor met Mr. J. Lee in St. Ives for an hour. They spoke about the harbour and nothing else.'
    expect(extractSentences(text)).toHaveLength(2)
  })

  it('joins lines that an editor wrapped, and keeps records apart', () => {
    const wrapped = 'This sentence was wrapped by an editor\nafter the usual number of characters.'
    expect(extractSentences(wrapped)).toHaveLength(1)
    const log =
      '2026-03-01 10:00 the service was started by the operator\n2026-03-01 10:05 the service was stopped by the operator'
    expect(extractSentences(log)).toHaveLength(2)
  })

  it('summarises 2 MB without comparing every sentence with every other', { timeout: 60_000 }, () => {
    const text = documents.join('\n\n').repeat(38)
    const summary = paragraph(text)
    expect(text.length).toBeGreaterThan(1_500_000)
    expect(summary.split(/\s+/).length).toBeLessThanOrEqual(130)
  })

  it('reads one paragraph of 60,000 lines', { timeout: 20_000 }, () => {
    const text = 'the quick brown fox jumps over a lazy dog and\n'.repeat(60_000)
    expect(paragraph(text)).toContain('quick brown fox')
  })
})
