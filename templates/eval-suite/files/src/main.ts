import { loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { readDocuments } from '#kit/console/input'
import { printable } from '#kit/console/printable'
import { type Io, note, runMain, write } from '#kit/console/process'
import { streamAnswer } from '#kit/llm/answer'
import { openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { questionAbout, readPrompt } from './targets/prompt.ts'
import { heuristicTasks } from './task/answer.ts'

const MAX_WORDS = 80

/** The bundled task by itself: a question about a text. Standard output carries the answer and nothing else. */
async function run(args: readonly string[], io: Io): Promise<void> {
  const [file, ...words] = args
  const input = words.join(' ').trim()
  if (file === undefined || input === '')
    throw new UsageError(
      'Missing file or question',
      'Try: npm start -- evals/material/loans.md "How long can I keep a drill?"',
    )
  const files = (await readDocuments([file], io.stdin, io.signal)).map(({ name, text }) => ({
    path: name,
    text,
  }))
  const prompt = await readPrompt(io.directory, 'prompts/answer.md')
  const announce = (line: string) => note(io, line)
  const llm = await openLlm({ env: loadEnv(io.directory, io.env), tasks: heuristicTasks, announce })
  const question = { ...questionAbout({ input, files }, prompt, MAX_WORDS), signal: io.signal }
  for await (const delta of printable(streamAnswer(llm, question))) await write(io.stdout, delta)
  await write(io.stdout, '\n')
  note(io, formatUsage(llm.meter.total()))
}

await runMain(run)
