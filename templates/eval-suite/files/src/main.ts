import { answerAbout, heuristicTasks } from './answer.ts'
import { UsageError } from './console/errors.ts'
import { readDocuments } from './console/input.ts'
import { printable } from './console/printable.ts'
import { type Io, note, runMain, write } from './console/process.ts'
import { loadEnv } from './llm/env.ts'
import { openLlm } from './llm/model.ts'
import { formatUsage } from './llm/usage.ts'

/** Standard output carries the answers and nothing else. */
async function run(files: readonly string[], io: Io): Promise<void> {
  if (files.length === 0) throw new UsageError('Missing file', 'Try: npm start -- README.md')
  const documents = await readDocuments(files, io.stdin, io.signal)
  const announce = (line: string) => note(io, line)
  const llm = await openLlm({ env: loadEnv(io.directory, io.env), tasks: heuristicTasks, announce })
  for (const { text } of documents) {
    for await (const delta of printable(answerAbout(llm, text, io.signal))) await write(io.stdout, delta)
    await write(io.stdout, '\n')
  }
  note(io, formatUsage(llm.meter.total()))
}

await runMain(run)
