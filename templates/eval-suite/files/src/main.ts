import { runBench } from '#kit/bench/main'
import { runAdd, runLint } from '#kit/cases/commands'
import { runDraft } from '#kit/cases/draft-command'
import { loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { readDocuments } from '#kit/console/input'
import { streamPrintable } from '#kit/console/printable'
import { type Io, note, runMain, write } from '#kit/console/process'
import { streamAnswer } from '#kit/llm/answer'
import { openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { heuristicTasks } from '#kit/offline/tasks'
import { readPrompt } from '#kit/targets/prompt-file'
import { suiteCase } from './cases.ts'
import { needsLabel } from './graders/registry.ts'
import { runJudgeCheck } from './judge/check.ts'
import { buildQuestion } from './prompt.ts'
import { suite } from './suite.ts'

const MAX_WORDS = 80

/**
 * `npm start`: the bundled task by itself, a question about a text. Standard output carries the answer and
 * nothing else.
 */
async function answerQuestion(args: readonly string[], io: Io): Promise<void> {
  const [path, ...words] = args
  const input = words.join(' ').trim()
  if (path === undefined || input === '')
    throw new UsageError(
      'Missing file or question',
      'Try: npm start -- evals/material/loans.md "What does a late return cost?"',
    )
  const documents = await readDocuments([path], io.stdin, io.signal)
  const files = documents.map(({ name, text }) => ({ path: name, text }))
  const prompt = await readPrompt(io.directory, 'prompts/answer.md')
  const announce = (line: string) => note(io, line)
  const llm = await openLlm({ env: loadEnv(io.directory, io.env), tasks: heuristicTasks, announce })
  const question = { ...buildQuestion({ input, files }, prompt, MAX_WORDS), signal: io.signal }
  for await (const delta of streamPrintable(streamAnswer(llm, question))) await write(io.stdout, delta)
  await write(io.stdout, '\n')
  note(io, formatUsage(llm.meter.total()))
}

const rules = { schema: suiteCase, needsLabel }

/** By the first word that the scripts of package.json give. */
const COMMANDS: Record<string, (args: readonly string[], io: Io) => Promise<void>> = {
  ask: answerQuestion,
  add: (args, io) => runAdd(args, io, rules),
  draft: (args, io) => runDraft(args, io, rules),
  lint: (args, io) => runLint(args, io, rules),
  judge: runJudgeCheck,
  bench: () => runBench(suite),
}

await runMain(async ([name = 'ask', ...args], io) => {
  const run = COMMANDS[name]
  if (run === undefined)
    throw new UsageError(`unknown command: ${name}`, `Commands: ${Object.keys(COMMANDS)}`)
  await run(args, io)
})
