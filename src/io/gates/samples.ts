import { parseCases } from '../../core/gates/cases.ts'
import type { Samples } from '../../core/gates/own-files.ts'
import { fingerprintCode, takeFingerprint } from '../../core/similarity.ts'
import type { Pack } from '../../core/sources.ts'

const PROSE = /^(files|parts)\/.*\.(md|mdx|txt|html|ya?ml|csv)$|^parts\/|^files\/evals\/documents\//
const CODE = /^files\/(src\/schema|evals\/schemas\/.*|test\/.*)\.ts$/
const CASES = /^files\/evals\/.*\.jsonl$/

/** Everything in the packs of all templates that a learner could submit as their own work. */
export function readSamples(packs: readonly Pack[]): Samples {
  const hashes = new Set<string>()
  const texts: string[] = []
  const code: string[] = []
  const cases: { id: string; text: string }[] = []
  for (const [path, source] of packs.flatMap((pack) => [...pack])) {
    if (source.kind === 'bytes') hashes.add(source.sha256)
    const text =
      source.kind === 'bytes'
        ? source.content.toString('utf8')
        : source.compiled.filter((piece) => typeof piece === 'string').join(' ')
    if (PROSE.test(path)) texts.push(text)
    if (CODE.test(path)) code.push(text)
    if (CASES.test(path)) cases.push(...parseCases(text).cases)
  }
  return {
    hashes,
    texts: texts.map(takeFingerprint),
    code: code.map(fingerprintCode),
    caseIds: new Set(cases.map(({ id }) => id)),
    cases: cases.map(({ text }) => takeFingerprint(text)),
  }
}
