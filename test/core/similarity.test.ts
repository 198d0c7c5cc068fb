import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  fingerprintCode,
  isCodeTakenFrom,
  isTakenFrom,
  keepOriginals,
  takeFingerprint,
} from '../../src/core/similarity.ts'
import { readSamples } from '../../src/io/gates/samples.ts'
import { loadAllPacks } from '../../src/io/packs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const samples = readSamples(loadAllPacks(`${root}dist`))
const documents = ['summariser/files/evals/documents', 'notes-chat/files/notes-sample'].flatMap((folder) =>
  textsIn(`${root}templates/${folder}`),
)

function textsIn(folder: string, wanted = /\.(md|txt)$/): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => wanted.test(name))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
}

function taken(text: string): boolean {
  return isTakenFrom(takeFingerprint(text), samples.texts)
}

/** Every n-th word becomes one that no sample has. */
function reworded(text: string, every: number): string {
  let count = 0
  return text.replace(/[\p{L}\p{N}]+/gu, (word) => (++count % every === 0 ? `quartz${count}` : word))
}

/** Sentences in reverse order. */
function reversed(text: string): string {
  return text
    .split(/(?<=[.!?\n])\s+/)
    .reverse()
    .join(' ')
}

describe('a text that is made of the samples', () => {
  it.each([
    ['as it is', (text: string) => text],
    [
      'in capitals, with other marks and line breaks',
      (text: string) => text.toUpperCase().replace(/[.,\s]/g, ' - '),
    ],
    ['with every 6th word replaced', (text: string) => reworded(text, 6)],
    ['with every 4th word replaced', (text: string) => reworded(text, 4)],
    ['with its sentences in another order', reversed],
    ['its first half', (text: string) => text.slice(0, text.length / 2)],
  ])('is recognised %s', (_, change) => {
    expect(documents.length).toBeGreaterThan(15)
    expect(documents.filter((text) => !taken(change(text)))).toEqual([])
  })

  it('is recognised when two samples are joined, or half is filler', () => {
    const [first = '', second = ''] = documents
    expect(taken(`${first}\n${second}`)).toBe(true)
    expect(taken(`${first}\n${'lorem quartz saddle walnut '.repeat(20)}`)).toBe(true)
  })

  it('has no words at all', () => {
    expect(taken('')).toBe(true)
    expect(taken('--- !!! ...')).toBe(true)
  })
})

describe('a text that somebody else wrote', () => {
  const readmes = readdirSync(`${root}node_modules`)
    .map((name) => `${root}node_modules/${name}/README.md`)
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8').slice(0, 12_000))

  it("is nobody's copy: the READMEs of installed packages, whole and in windows of 60 words", () => {
    const windows = readmes.flatMap((text) => {
      const words = text.split(/\s+/)
      return [0, 200].map((start) => words.slice(start, start + 60).join(' '))
    })
    const texts = [...readmes, ...windows].filter((text) => takeFingerprint(text).words >= 30)
    expect(texts.length).toBeGreaterThan(100)
    expect(texts.filter(taken)).toEqual([])
  })

  it('may quote a line of a sample', () => {
    const quote = documents[0]?.split(/(?<=\.)\s/)[0] ?? ''
    const own = readmes.find((text) => takeFingerprint(text).words > 400) ?? ''
    expect(taken(`${own}\n${quote}`)).toBe(false)
  })
})

describe('code', () => {
  const shipped = textsIn(`${root}templates/summariser/files/test`, /\.ts$/)
  const isTaken = (text: string) => isCodeTakenFrom(fingerprintCode(text), samples.code)

  it('is recognised as shipped, also with every 6th word replaced', () => {
    expect(shipped.length).toBeGreaterThan(2)
    expect(shipped.filter((text) => !isTaken(text) || !isTaken(reworded(text, 6)))).toEqual([])
  })

  it.each([
    "it('keeps the bicycle in its document', () => { expect(readFileSync('evals/documents/my-bicycle.md', 'utf8')).toContain('bicycle number 13') })",
    "it('does not cut a heading from its text', () => { expect(chunk('# Title', 100)).toEqual(['# Title']) })",
    "export const schema = z.strictObject({ airline: z.string().describe('who flies'), seat: z.string().nullable().describe('such as 14C'), gate: z.string().nullable().describe('where it boards'), fare: z.number().describe('what was paid, with taxes') })",
  ])('is the learner’s when it is new, however short: %s', (code) => {
    const imports = "import { readFileSync } from 'node:fs'\nimport { expect, it } from 'vitest'\n"
    expect(isTaken(`${imports}${code}`)).toBe(false)
  })
})

describe('texts of the same hand', () => {
  const invoice = (number: string, item: string, price: string, day: string) =>
    `Invoice ${number} of Krause Blechbau. Date ${day}. Delivered: ${item}, at ${price} EUR net. Please pay within thirty days to the account below.`
  const candidates = (texts: string[]) => texts.map((text) => ({ text: takeFingerprint(text) }))

  it('count each when they share a layout', () => {
    const texts = [
      invoice('R-1', 'four gutters of zinc', '318.40', '3 May 2026'),
      invoice('R-2', 'one roof hatch, fitted on site', '1190.00', '19 June 2026'),
    ]
    expect(keepOriginals(candidates(texts), () => false)).toHaveLength(2)
  })

  it('count once when they are nearly the same', () => {
    const texts = [
      invoice('R-1', 'four gutters of zinc', '318.40', '3 May 2026'),
      invoice('R-2', 'four gutters of zinc', '318.40', '3 May 2026'),
    ]
    expect(keepOriginals(candidates(texts), () => false)).toHaveLength(1)
  })
})
