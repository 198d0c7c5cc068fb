import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { setUpProgram } from '#kit/testing/program'

const { directory, start } = setUpProgram()
const docs = join(directory, 'docs')
const QUESTION = 'How often is a failed webhook delivery retried?'

beforeAll(() => {
  mkdirSync(docs)
  writeFileSync(
    join(docs, 'webhooks.md'),
    '---\nowner: ops\n---\n# Webhooks\n\nA failed delivery is retried 5 times over 6 hours.\n',
  )
  writeFileSync(
    join(docs, 'leave.html'),
    '<title>Leave</title><main><p>Everyone has 28 days of leave a year.</p></main>',
  )
  writeFileSync(join(docs, 'broken.pdf'), '%PDF-1.7 and nothing else')
})

// In order: what is indexed first is asked later.
describe('the program', { timeout: 90_000 }, () => {
  it('says what to do before anything is indexed', async () => {
    const { code, stdout, stderr } = await start(['ask', QUESTION]).done
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(
      'Nothing is indexed in .data/index\nIndex your docs first: npm run ingest -- docs-sample',
    )
  })

  it('indexes a folder, and lists what it cannot read', async () => {
    const { code, stderr } = await start(['ingest', docs]).done
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /left out: broken\.pdf: .+\n2 documents indexed \(2 chunks\), 0 unchanged, 0 removed, 1 left out/,
    )
    const list = JSON.parse(readFileSync(join(directory, '.data/ingested.json'), 'utf8'))
    expect(list.documents['webhooks.md']).toMatch(/docs.webhooks\.md$/)
  })

  it('answers with its sources on standard output, so that a file of answers has its legend', async () => {
    const { code, stdout, stderr } = await start(['ask', QUESTION]).done
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'A failed delivery is retried 5 times over 6 hours. [1]\n\n[1] webhooks.md: Webhooks\n',
    })
    expect(stderr).not.toContain('warning')
  })

  it('refuses what the docs do not say, which is no failure', async () => {
    const { code, stdout } = await start(['ask', 'Which colour has the carpet in Lisbon?']).done
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The docs do not answer this.\n' })
  })
})
