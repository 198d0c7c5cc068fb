import { InputError, UsageError } from '#kit/console/errors'
import { parseArguments } from '#kit/console/options'
import { type Io, note, runMain } from '#kit/console/process'
import { addCase } from './add.ts'
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

async function run(args: readonly string[], io: Io): Promise<void> {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const [command, question, answer, ...more] = positionals
  if (values.help) io.stdout.write(USAGE)
  else if (command === 'lint') await lint(io)
  else if (command !== 'add' || question === undefined || answer === undefined || more.length > 0)
    throw new UsageError(
      'Wanted: a question and its answer, each in quotes',
      'Try: npm run eval:add -- --help',
    )
  else {
    const { file: files = [], fact: facts = [], tag: tags = [], id = null, critical, cases } = values
    const added = await addCase(io.directory, { question, answer, files, facts, tags, id, critical, cases })
    note(io, `added ${added.id} to ${cases}; npm run eval shows how it does, eval:bless makes it count`)
  }
}

async function lint(io: Io): Promise<void> {
  const cases = await readAllCases(io.directory)
  const problems = lintCases(cases, await readMaterial(io.directory, cases))
  if (problems.length > 0) throw new InputError(problems.join('\n'), 'Correct the cases named above')
  note(io, `${cases.length} cases, nothing to complain about`)
}

await runMain(run)
