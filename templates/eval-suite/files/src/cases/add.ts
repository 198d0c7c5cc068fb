import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, UsageError } from '../console/errors.ts'
import { replaceFile } from '../console/replace-file.ts'
import { messageOf } from '../evals/errors.ts'
import { termsOf } from '../retrieval/terms.ts'
import { type SuiteCase, suiteCase } from './case.ts'
import { lintCases } from './lint.ts'
import { readAllCases, readMaterial } from './read.ts'

export interface NewCase {
  question: string
  answer: string
  /** Facts as `spelling|other spelling`; none: the answer itself is the fact. */
  facts: readonly string[]
  files: readonly string[]
  tags: readonly string[]
  id: string | null
  critical: boolean
  /** The file that it goes to. */
  cases: string
}

/** Adds a line to a file of cases. Throws for a case that the lint finds fault with: then nothing is written. */
export async function addCase(root: string, wanted: NewCase): Promise<SuiteCase> {
  const known = await readAllCases(root)
  const taken = new Set(known.map(({ testCase }) => testCase.id))
  const testCase = parse(wanted, wanted.id ?? freeId(wanted.question, taken))
  const all = [...known, { testCase, file: wanted.cases }]
  const own = `${wanted.cases}: ${testCase.id}: `
  const problems = lintCases(all, await readMaterial(root, all)).filter((line) => line.startsWith(own))
  if (problems.length > 0)
    throw new InputError(
      problems.map((line) => line.slice(own.length)).join('; '),
      'Nothing was added. Change the question or the answer.',
    )
  const path = join(root, wanted.cases)
  const before = await readFile(path, 'utf8').catch(() => '')
  const complete = before === '' || before.endsWith('\n') ? before : `${before}\n`
  await replaceFile(path, `${complete}${JSON.stringify(testCase)}\n`)
  return testCase
}

function parse(wanted: NewCase, id: string): SuiteCase {
  const { question, answer, facts, files, tags, critical } = wanted
  const spellings = facts.length > 0 ? facts.map((fact) => fact.split('|')) : [[answer]]
  try {
    return suiteCase.parse({
      id,
      ...(critical && { critical }),
      ...(tags.length > 0 && { tags: [...tags] }),
      input: question,
      ...(files.length > 0 && { files: [...files] }),
      expected: answer,
      graders: [{ type: 'facts', facts: spellings }],
    })
  } catch (error) {
    throw new UsageError(messageOf(error), 'npm run eval:add -- --help shows what a case needs')
  }
}

/** The first words of the question that say something, and a number if that is taken. */
function freeId(question: string, taken: ReadonlySet<string>): string {
  const words = question.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const telling = words.filter((word) => termsOf(word).length > 0).slice(0, 4)
  const base = telling.join('-') || 'case'
  for (let number = 2, id = base; ; id = `${base}-${number++}`) if (!taken.has(id)) return id
}
