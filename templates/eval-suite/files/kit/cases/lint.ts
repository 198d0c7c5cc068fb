import * as z from 'zod'
import type { GraderSpec } from '#kit/graders/registry'
import { extractTerms } from '#kit/retrieval/terms'
import { type CaseRules, formatExpected, type SuiteCase } from './case.ts'

/** Share of common terms from which two questions count as the same. */
const SAME = 0.85
/** Fewer terms than this say too little to compare. */
const MIN_TERMS = 3

export interface PlacedCase {
  testCase: SuiteCase
  /** The file it stands in. */
  file: string
}

/**
 * Lists problems that the schema cannot see, one line each. `texts` are the contents of the files that cases
 * name.
 */
export function lintCases(
  cases: readonly PlacedCase[],
  texts: ReadonlyMap<string, string>,
  { needsLabel }: Pick<CaseRules, 'needsLabel'>,
): string[] {
  return [
    ...cases.flatMap(({ testCase, file }) =>
      [
        ...findLeaks(testCase),
        ...findMissingLabels(testCase, needsLabel),
        ...findUnstatedFacts(testCase, texts),
      ].map((problem) => `${file}: ${testCase.id}: ${problem}`),
    ),
    ...findDuplicates(cases),
  ]
}

/** Finds answers that are part of their question: an echo of the question would pass. */
function findLeaks(testCase: SuiteCase): string[] {
  const answers = [formatExpected(testCase) ?? '', ...listFacts(testCase).flat()]
  const input = ` ${foldQuestion(testCase.input)} `
  const leaked = answers.filter(
    (answer) => foldQuestion(answer) !== '' && input.includes(` ${foldQuestion(answer)} `),
  )
  return [...new Set(leaked)].map((answer) => `the question holds the answer ${JSON.stringify(answer)}`)
}

function findMissingLabels(testCase: SuiteCase, needsLabel: CaseRules['needsLabel']): string[] {
  if (testCase.expected !== undefined) return []
  const needed = testCase.graders.filter(needsLabel).map(({ type }) => type)
  return needed.length > 0
    ? [`${needed.join(', ')} compares with "expected", which is missing`]
    : ['"expected" is missing: the report cannot show what a right answer is']
}

/** Finds facts that the case's files do not state: the case or the file is wrong. */
function findUnstatedFacts(testCase: SuiteCase, texts: ReadonlyMap<string, string>): string[] {
  const files = testCase.files ?? []
  const missing = files.filter((file) => !texts.has(file)).map((file) => `${file} is not there`)
  if (files.length === 0 || missing.length > 0) return missing
  const known = ` ${foldQuestion(files.map((file) => texts.get(file) ?? '').join('\n'))} `
  return listFacts(testCase)
    .filter((spellings) => !spellings.some((spelling) => known.includes(` ${foldQuestion(spelling)} `)))
    .map(([first]) => `no file of it states ${JSON.stringify(first)}`)
}

function findDuplicates(cases: readonly PlacedCase[]): string[] {
  const problems: string[] = []
  const seen: { placed: PlacedCase; terms: Set<string>; about: string }[] = []
  for (const placed of cases) {
    const { input, files = [] } = placed.testCase
    const terms = new Set(extractTerms(input))
    const about = [...files].sort().join()
    const twin = seen.find(
      (one) => one.about === about && isSameQuestion(one.terms, terms, one.placed.testCase.input, input),
    )
    if (twin) {
      const { testCase, file } = twin.placed
      problems.push(`${placed.file}: ${placed.testCase.id}: asks the same as ${testCase.id} in ${file}`)
    }
    const namesake = seen.find((one) => one.placed.testCase.id === placed.testCase.id)
    if (namesake)
      problems.push(`${placed.file}: ${placed.testCase.id}: the id is taken in ${namesake.placed.file}`)
    seen.push({ placed, terms, about })
  }
  return problems
}

function isSameQuestion(
  a: ReadonlySet<string>,
  b: ReadonlySet<string>,
  textA: string,
  textB: string,
): boolean {
  if (foldQuestion(textA) === foldQuestion(textB)) return true
  if (Math.min(a.size, b.size) < MIN_TERMS) return false
  const common = [...a].filter((term) => b.has(term)).length
  return common / (a.size + b.size - common) >= SAME
}

const factsGrader = z.looseObject({ type: z.literal('facts'), facts: z.array(z.array(z.string())) })

function listFacts({ graders }: SuiteCase): string[][] {
  return graders.flatMap((spec: GraderSpec) => factsGrader.safeParse(spec).data?.facts ?? [])
}

function foldQuestion(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ')
}
