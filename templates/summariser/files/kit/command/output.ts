import { loadEnv } from '#kit/console/env'
import { type Document, filesOrInput, readDocuments } from '#kit/console/input'
import { toJson } from '#kit/console/json'
import { printable, printableText } from '#kit/console/printable'
import { type Io, note, write } from '#kit/console/process'
import { type Llm, openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { HELP, type Options, parseOptions } from './options.ts'
import { describeRepeats, type Summary, summaryReport } from './report.ts'
import { heuristicTasks, summarise } from './summarise.ts'

/** Runs the command. Standard output carries the summary and nothing else. Throws; `runMain` turns that into an exit code. */
export async function run(args: readonly string[], io: Io): Promise<void> {
  const options = parseOptions(args)
  if (options.help) return write(io.stdout, HELP)
  const files = filesOrInput(options.files, io.stdin, 'Nothing to summarise: name a file, or pipe text in')
  const documents = await readDocuments(files, io.stdin, io.signal)
  const llm = await openLlm({
    env: loadEnv(io.directory, io.env),
    tasks: heuristicTasks,
    announce: (line) => note(io, line),
    ...(options.maxCostUsd !== undefined && { maxCostUsd: options.maxCostUsd }),
  })
  try {
    const summaries = await summariseAll(llm, documents, options, io)
    if (options.json) await write(io.stdout, `${toJson(summaryReport(llm, summaries), 2)}\n`)
    const repeats = describeRepeats(llm, summaries)
    if (repeats !== undefined) note(io, repeats)
  } finally {
    // Also after a failure or Ctrl-C: what was used was paid for.
    note(io, formatUsage(llm.meter.total()))
  }
}

async function summariseAll(
  llm: Llm,
  documents: readonly Document[],
  options: Options,
  io: Io,
): Promise<Summary[]> {
  const summaries: Summary[] = []
  for (const document of documents) {
    for (let run = 1; run <= options.repeat; run++) {
      if (!options.json) await write(io.stdout, heading(document, run, documents.length, options.repeat))
      const text = await streamSummary(llm, document, options, io)
      summaries.push({ document: document.name, run, text })
    }
  }
  return summaries
}

async function streamSummary(llm: Llm, document: Document, options: Options, io: Io): Promise<string> {
  const request = { text: document.text, length: options.length, style: options.style }
  const onPart = (part: number, parts: number) => {
    if (part === 1) note(io, `${document.name} is over the context window: reading it in ${parts} parts`)
  }
  let text = ''
  try {
    for await (const delta of printable(summarise(llm, request, { signal: io.signal, onPart }))) {
      text += delta
      if (!options.json) await write(io.stdout, delta)
    }
  } finally {
    // What is reported next, or an error, starts on a line of its own.
    if (text !== '' && !options.json) io.stdout.write('\n')
  }
  return text
}

function heading(document: Document, run: number, documents: number, runs: number): string {
  const parts = [
    documents > 1 ? printableText(document.name) : '',
    runs > 1 ? `run ${run} of ${runs}` : '',
  ].filter(Boolean)
  return parts.length === 0 ? '' : `## ${parts.join(', ')}\n`
}
