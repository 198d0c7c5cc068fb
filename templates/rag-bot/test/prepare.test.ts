import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, it, onTestFinished, vi } from 'vitest'
import { toAnswered } from '#kit/evals/attempts'
import type { EvalCase, Suite } from '#kit/evals/suite'

const { signal } = new AbortController()
const OVEN = '# Oven\n\nThe descaling programme takes 40 minutes, and the door stays locked while it runs.\n'

/** Runs in a folder with one document, which is gone once the suite has prepared. */
async function answerWithoutDocuments<C extends EvalCase>(suite: Suite<C>, testCase: C): Promise<string> {
  const [root, before] = [await mkdtemp(join(tmpdir(), 'prepared-')), process.cwd()]
  onTestFinished(async () => {
    process.chdir(before)
    await rm(root, { recursive: true })
  })
  await mkdir(join(root, 'docs-sample'))
  await writeFile(join(root, 'docs-sample/oven.md'), OVEN)
  process.chdir(root)
  await suite.prepare?.(signal)
  await rm(join(root, 'docs-sample'), { recursive: true })
  return toAnswered(await suite.answer(testCase, await suite.open(), signal, 0)).output
}

const question = 'How long does the descaling programme of the oven take?'

it('indexes the documents before the first answer is timed', async () => {
  vi.resetModules()
  const { suite, answerCase } = await import('../../../evals/suite.ts')
  const testCase = answerCase.parse({ id: 'oven', question })
  const output = await answerWithoutDocuments(suite, testCase)
  expect(output).toContain('40 minutes')
  expect(suite.renderOutput?.(output)).toMatch(
    /^The descaling programme takes 40 minutes.* \(cites oven\.md\)$/,
  )
})

it('indexes them before the first search is timed', async () => {
  vi.resetModules()
  const { suite, retrievalCase } = await import('../../../evals/retrieval.suite.ts')
  const testCase = retrievalCase.parse({
    id: 'oven',
    question,
    evidence: [{ document: 'oven.md', quote: 'takes' }],
  })
  const output = await answerWithoutDocuments(suite, testCase)
  expect(suite.renderOutput?.(output)).toBe('oven.md')
})
