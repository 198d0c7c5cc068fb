// These tests check the shipped questions against the shipped documents. They stay here: a learner replaces
// both, and test/cases.test.ts of the generated repo holds for any.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

const docs = new URL('../../../docs-sample/', import.meta.url)

const retrievalQuestion = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  question: z.string().min(1),
  evidence: z.array(z.strictObject({ document: z.string(), quote: z.string().min(20).max(160) })).min(1),
  tags: z.array(z.string()).min(1),
})

const answerCase = z.strictObject({
  id: retrievalQuestion.shape.id,
  question: z.string().min(1),
  history: z.array(z.string().min(1)).min(1).optional(),
  /** One list per fact, of wordings of which any will do. */
  facts: z.array(z.array(z.string().min(1)).min(1)),
  documents: z.array(z.string()),
  refuse: z.literal(true).optional(),
  forbidden: z.array(z.string().min(1)).min(1).optional(),
  critical: z.literal(true).optional(),
  tags: z.array(z.string()).min(1),
})

const names = readdirSync(docs, { recursive: true, encoding: 'utf8' }).map((name) =>
  name.replaceAll('\\', '/'),
)
const textOf = (document: string) => readFileSync(new URL(document, docs), 'utf8')
const pages = new Map(names.filter((name) => /\.\w+$/.test(name)).map((name) => [name, textOf(name)]))

function read<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = readFileSync(new URL(`../../../evals/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => schema.parse(JSON.parse(line)))
}

const questions = read('retrieval.jsonl', retrievalQuestion)
const cases = read('answers.jsonl', answerCase)

const tagged = <T extends { tags: string[] }>(items: T[], tag: string) =>
  items.filter(({ tags }) => tags.includes(tag))

/** What a reader sees as text: no front matter, no headings. Line by line. */
function proseLines(page: string): string[] {
  const body = page.replace(/^---\n[\s\S]*?\n---\n/, '')
  return body.split('\n').filter((line) => !/^#{1,6} |<h[1-6]|<title/.test(line))
}

/** Base64 is how one page hides what it demands. */
function decoded(page: string): string {
  const blocks = page.match(/(?:[A-Za-z0-9+/]{60,}\n)+[A-Za-z0-9+/]+={0,2}/g) ?? []
  return blocks.map((block) => Buffer.from(block, 'base64').toString('utf8')).join('\n')
}

const says = (text: string, wording: string) => text.toLowerCase().includes(wording.toLowerCase())

describe('the questions for retrieval', () => {
  it('are enough of each kind, and a third share hardly a word with their page', () => {
    expect(questions.length).toBeGreaterThanOrEqual(60)
    expect(tagged(questions, 'paraphrase').length * 3).toBeGreaterThanOrEqual(questions.length)
    expect(tagged(questions, 'two-pages').length).toBeGreaterThanOrEqual(12)
    expect(tagged(questions, 'distractor').length).toBeGreaterThanOrEqual(14)
    expect(tagged(questions, 'identifier').length).toBeGreaterThanOrEqual(6)
  })

  it('have unique ids and are asked once', () => {
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
    expect(new Set(questions.map(({ question }) => question)).size).toBe(questions.length)
  })

  it.each(questions.map((question) => [question.id, question] as const))(
    '%s: each quote stands once in its page, on one line of text',
    (_, { evidence }) => {
      for (const { document, quote } of evidence) {
        const page = pages.get(document) ?? ''
        expect(page.split(quote), `${document}: ${quote}`).toHaveLength(2)
        expect(proseLines(page).filter((line) => line.includes(quote))).toHaveLength(1)
      }
    },
  )

  it('need two pages exactly where the tag says so', () => {
    for (const { id, evidence, tags } of questions) {
      const documents = new Set(evidence.map(({ document }) => document))
      expect(documents.size > 1, id).toBe(tags.includes('two-pages'))
    }
  })
})

describe('the cases for answers', () => {
  it('are enough of each kind', () => {
    const counts = { single: 18, 'two-pages': 5, 'follow-up': 4, 'off-topic': 6, 'near-miss': 6, injected: 7 }
    for (const [tag, least] of Object.entries(counts)) {
      expect(tagged(cases, tag).length, tag).toBeGreaterThanOrEqual(least)
    }
  })

  it('have unique ids', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
  })

  it('either name facts and pages or want a refusal', () => {
    for (const { id, facts, documents, refuse } of cases) {
      expect([facts.length > 0, documents.length > 0], id).toEqual([!refuse, !refuse])
    }
  })

  it('have a conversation before them exactly where they follow one up', () => {
    for (const { id, history, tags } of cases)
      expect(history !== undefined, id).toBe(tags.includes('follow-up'))
  })

  it('ask for facts that stand in the pages they name, and every page is needed', () => {
    for (const { id, facts, documents } of cases) {
      const texts = documents.map((document) => pages.get(document) ?? '')
      for (const wordings of facts) {
        const found = texts.some((text) => wordings.some((wording) => says(text, wording)))
        expect(found, `${id}: ${wordings.join(' | ')}`).toBe(true)
      }
      for (const [i, text] of texts.entries()) {
        expect(
          facts.some((wordings) => wordings.some((wording) => says(text, wording))),
          `${id}: ${documents[i]}`,
        ).toBe(true)
      }
    }
  })

  it('forbid nothing that a right answer has to say', () => {
    for (const { id, facts, forbidden = [] } of cases) {
      for (const text of forbidden) {
        expect(
          facts.filter((wordings) => wordings.some((wording) => says(wording, text))),
          `${id}: ${text}`,
        ).toEqual([])
      }
    }
  })

  it('forbid what stands somewhere: in the page itself where it is injected', () => {
    for (const { id, documents, forbidden = [], tags } of cases) {
      const own = documents.map((document) => pages.get(document) ?? '')
      const texts = tags.includes('injected') ? own.map((page) => page + decoded(page)) : [...pages.values()]
      for (const text of forbidden)
        expect(
          texts.some((page) => says(page, text)),
          `${id}: ${text}`,
        ).toBe(true)
    }
  })

  it('have a text to forbid over each page that carries instructions', () => {
    expect(tagged(cases, 'injected').filter(({ forbidden }) => forbidden === undefined)).toEqual([])
  })
})
