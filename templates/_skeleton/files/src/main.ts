import { loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { readDocuments } from '#kit/console/input'
import { streamPrintable } from '#kit/console/printable'
import { type Io, note, runMain, write } from '#kit/console/process'
import { openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { offlineTasks } from '#kit/offline/tasks'
import { answerAbout } from './answer.ts'

/** Standard output carries the answers and nothing else. */
async function run(files: readonly string[], io: Io): Promise<void> {
  if (files.length === 0) throw new UsageError('Missing file', 'Try: npm start -- README.md')
  const documents = await readDocuments(files, io.stdin, io.signal)
  const announce = (line: string) => note(io, line)
  const llm = await openLlm({ env: loadEnv(io.directory, io.env), tasks: offlineTasks, announce })
  for (const { text } of documents) {
    for await (const delta of streamPrintable(answerAbout(llm, text, io.signal)))
      await write(io.stdout, delta)
    await write(io.stdout, '\n')
  }
  note(io, formatUsage(llm.meter.total()))
}

await runMain(run)
