import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { InputError, UsageError } from '#kit/console/errors'
import { takeLock } from '#kit/console/lock'
import { replaceFile } from '#kit/console/replace-file'
import { toErrorMessage } from '#kit/evals/errors'
import { extractTerms } from '#kit/retrieval/terms'
import type { CaseRules, SuiteCase } from './case.ts'
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
  /** The file to add the case to. */
  cases: string
}

/** Directly in `evals/`: its folders hold other files. */
const CASE_FILE = /^evals\/\w[\w.-]*\.jsonl$/
const LOCK = '.cache/add.lock'
const PATIENCE_MS = 10_000

/**
 * Adds a case to a file, one at a time. Throws for a path outside `evals/*.jsonl` and for a case with lint
 * problems; then nothing is written.
 */
export async function addCase(root: string, wanted: NewCase, rules: CaseRules): Promise<SuiteCase> {
  if (!CASE_FILE.test(wanted.cases))
    throw new UsageError(
      `${wanted.cases} is no file of cases: they are evals/NAME.jsonl`,
      'Try: npm run eval:add -- --help',
    )
  const leave = await takeTurn(root)
  try {
    return await addLine(root, wanted, rules)
  } finally {
    await leave()
  }
}

/** Serialises writes: of two at once, each would drop the other's case. */
async function takeTurn(root: string): Promise<() => Promise<void>> {
  const path = join(root, LOCK)
  await mkdir(dirname(path), { recursive: true })
  const messages = { taken: 'A case is being added by another process', hint: 'Try again' }
  for (const until = Date.now() + PATIENCE_MS; ; await wait(20)) {
    try {
      return await takeLock(path, messages)
    } catch (error) {
      if (!(error instanceof InputError) || Date.now() >= until) throw error
    }
  }
}

async function addLine(root: string, wanted: NewCase, rules: CaseRules): Promise<SuiteCase> {
  const known = await readAllCases(root, rules)
  const taken = new Set(known.map(({ testCase }) => testCase.id))
  const testCase = parseCase(wanted, wanted.id ?? findFreeId(wanted.question, taken), rules)
  const all = [...known, { testCase, file: wanted.cases }]
  const own = `${wanted.cases}: ${testCase.id}: `
  const problems = lintCases(all, await readMaterial(root, all), rules).filter((line) => line.startsWith(own))
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

function parseCase(wanted: NewCase, id: string, { schema }: CaseRules): SuiteCase {
  const { question, answer, facts, files, tags, critical } = wanted
  const spellings = facts.length > 0 ? facts.map((fact) => fact.split('|')) : [[answer]]
  try {
    return schema.parse({
      id,
      ...(critical && { critical }),
      ...(tags.length > 0 && { tags: [...tags] }),
      input: question,
      ...(files.length > 0 && { files: [...files] }),
      expected: answer,
      graders: [{ type: 'facts', facts: spellings }],
    })
  } catch (error) {
    throw new UsageError(toErrorMessage(error), 'npm run eval:add -- --help shows what a case needs')
  }
}

/** Builds an id from the first telling words of the question, with a number if it is taken. */
function findFreeId(question: string, taken: ReadonlySet<string>): string {
  const words = question.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const telling = words.filter((word) => extractTerms(word).length > 0).slice(0, 4)
  const base = telling.join('-') || 'case'
  for (let number = 2, id = base; ; id = `${base}-${number++}`) if (!taken.has(id)) return id
}
