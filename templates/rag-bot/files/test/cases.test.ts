import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { readDocument } from '#kit/documents/document'
import { readCases } from '#kit/evals/cases'
import { holds } from '../evals/metrics.ts'
import { suite as retrieval } from '../evals/retrieval.suite.ts'
import { DOCS } from '../evals/sample.ts'
import { suite as answers } from '../evals/suite.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
// A copy, since documents that are links are not read.
const docs = mkdtempSync(join(tmpdir(), 'docs-'))
cpSync(join(root, DOCS), docs, { recursive: true, dereference: true })
afterAll(() => rmSync(docs, { recursive: true }))

const { signal } = new AbortController()

it('the questions for retrieval quote their documents word for word, or no search could find the quotes', async () => {
  for (const { testCase } of await readCases(root, retrieval)) {
    for (const evidence of testCase.evidence) {
      const { document, quote } = evidence
      const { text } = await readDocument(docs, document, signal)
      expect(holds({ document, text }, evidence), `${testCase.id}: ${document} has no "${quote}"`).toBe(true)
    }
  }
})

it('the questions for answers name documents that exist, and want either facts or a refusal', async () => {
  for (const { testCase } of await readCases(root, answers)) {
    const { id, facts, documents, refuse } = testCase
    expect([facts.length > 0, documents.length > 0], id).toEqual([!refuse, !refuse])
  }
})
