import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCases, readCases } from '#kit/evals/cases'
import { capitalCase, createTinySuite, FRANCE, ITALY, makeRoot } from '#kit/testing/tiny-suite'

const parse = (text: string) => parseCases(text, 'evals/cases.jsonl', capitalCase)
const line = (value: object) => JSON.stringify(value)

describe('parseCases', () => {
  it('lists every bad line with its number and reason', () => {
    const text = [line(FRANCE), '', '{"id":', line({ ...ITALY, critcal: true }), line(FRANCE)].join('\r\n')
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^evals\/cases\.jsonl:3: not JSON: .+\nevals\/cases\.jsonl:4: .*critcal.*\nevals\/cases\.jsonl:5: id "france" is already on line 1$/,
        ),
      }),
    )
  })

  it.each(['', '\n\n', '\uFEFF\n'])('refuses a file without a case (%j)', (text) => {
    expect(() => parse(text)).toThrow('has no case')
  })

  it.each(['', 'a b', '| x |', '-a'])('refuses the id %j', (id) => {
    expect(() => parse(line({ ...FRANCE, id }))).toThrow('cases.jsonl:1: id')
  })

  it('hashes the content: not the order of keys, but every value', () => {
    const hashOf = (value: object) => parse(line(value))[0]?.hash
    const { id, country, capital } = FRANCE
    expect(hashOf({ capital, country, id })).toBe(hashOf(FRANCE))
    expect(hashOf({ ...FRANCE, critical: true })).not.toBe(hashOf(FRANCE))
  })
})

describe('readCases', () => {
  it('takes the files of a case into its hash', async () => {
    const root = await makeRoot([FRANCE])
    const suite = createTinySuite({ files: () => ['evals/france.md'] })
    const hash = async (text: string) => {
      await writeFile(join(root, 'evals/france.md'), text)
      return (await readCases(root, suite))[0]?.hash
    }
    const before = await hash('La France\n')
    expect(await hash('La France!\n')).not.toBe(before)
    expect(await hash('La France\r\n')).toBe(before)
  })

  it('names the file that is missing', async () => {
    const root = await makeRoot([FRANCE])
    await expect(readCases(root, createTinySuite({ cases: 'evals/none.jsonl' }))).rejects.toThrow(
      'evals/none.jsonl',
    )
    await expect(readCases(root, createTinySuite({ files: () => ['evals/none.md'] }))).rejects.toThrow(
      'evals/none.md',
    )
  })
})
