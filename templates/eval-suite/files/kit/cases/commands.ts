import { InputError, UsageError } from '#kit/console/errors'
import { parseArguments } from '#kit/console/options'
import { type Io, note } from '#kit/console/process'
import { addCase } from './add.ts'
import type { CaseRules } from './case.ts'
import { lintCases } from './lint.ts'
import { readAllCases, readMaterial } from './read.ts'

const USAGE = `npm run eval:add -- QUESTION ANSWER   adds a case to evals/cases.jsonl
  --file PATH      a file that the question is about; several: several times
  --fact A|B       what a good answer states, in the spellings that count; default: ANSWER
  --tag NAME       a kind of case
  --id ID          default: words of the question
  --critical       must pass with a real model, whatever the statistics say
  --cases FILE     another file of cases, evals/NAME.jsonl
npm run eval:lint                      duplicates, answers that stand in their question, missing labels
`

const OPTIONS = {
  file: { type: 'string', multiple: true },
  fact: { type: 'string', multiple: true },
  tag: { type: 'string', multiple: true },
  id: { type: 'string' },
  critical: { type: 'boolean', default: false },
  cases: { type: 'string', default: 'evals/cases.jsonl' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** `npm run eval:add`. */
export async function runAdd(args: readonly string[], io: Io, rules: CaseRules): Promise<void> {
  const { values, positionals } = parseArguments(args, OPTIONS)
  if (values.help) {
    io.stdout.write(USAGE)
    return
  }
  const [question, answer, ...more] = positionals
  if (question === undefined || answer === undefined || more.length > 0)
    throw new UsageError(
      'Wanted: a question and its answer, each in quotes',
      'Try: npm run eval:add -- --help',
    )
  const { file: files = [], fact: facts = [], tag: tags = [], id = null, critical, cases } = values
  const wanted = { question, answer, files, facts, tags, id, critical, cases }
  const added = await addCase(io.directory, wanted, rules)
  note(io, `added ${added.id} to ${cases}; npm run eval shows how it does, eval:bless makes it count`)
}

/** `npm run eval:lint`. Throws `InputError` with a line for each problem. */
export async function runLint(args: readonly string[], io: Io, rules: CaseRules): Promise<void> {
  if (parseArguments(args, OPTIONS).values.help) {
    io.stdout.write(USAGE)
    return
  }
  const cases = await readAllCases(io.directory, rules)
  const problems = lintCases(cases, await readMaterial(io.directory, cases), rules)
  if (problems.length > 0) throw new InputError(problems.join('\n'), 'Correct the cases named above')
  note(io, `${cases.length} cases, nothing to complain about`)
}
