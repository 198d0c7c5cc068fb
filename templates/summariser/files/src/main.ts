import { parseSummaryOptions } from '#kit/command/options'
import { SummaryOutput } from '#kit/command/output'
import { loadEnv } from '#kit/console/env'
import { chooseInput } from '#kit/console/input'
import { type Io, note, runMain, write } from '#kit/console/process'
import { readShownDocuments } from '#kit/documents/inputs'
import { openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { offlineTasks } from '#kit/offline/tasks'
import { LENGTHS, STYLES } from './request.ts'
import { summarise } from './summarise.ts'

/** Summaries go to standard output, and nothing else does. Throws; `runMain` turns that into an exit code. */
async function run(args: readonly string[], io: Io): Promise<void> {
  const options = parseSummaryOptions(args, { lengths: LENGTHS, styles: STYLES })
  if (options.help !== undefined) return write(io.stdout, options.help)
  const files = chooseInput(options.files, io.stdin, 'Nothing to summarise: name a file, or pipe text in')
  const documents = await readShownDocuments(files, io.stdin, io.signal)
  const llm = await openLlm({
    env: loadEnv(io.directory, io.env),
    tasks: offlineTasks,
    announce: (line) => note(io, line),
    maxCostUsd: options.maxCostUsd,
  })
  const output = new SummaryOutput(io, { ...options, documents: documents.length })
  try {
    for (const { name, text } of documents) {
      const onPart = (part: number, parts: number) => output.notePart(name, part, parts)
      for (let round = 1; round <= options.repeat; round++) {
        const request = { text, length: options.length, style: options.style }
        await output.print(name, round, summarise(llm, request, { signal: io.signal, onPart }))
      }
    }
    await output.finish(llm)
  } finally {
    // After a failure or Ctrl-C too: every token was paid for.
    note(io, formatUsage(llm.meter.total()))
  }
}

await runMain(run)
