import { join, resolve } from 'node:path'
import { loadEnv } from '#kit/console/env'
import { filesOrInput, readDocuments } from '#kit/console/input'
import { toJson } from '#kit/console/json'
import { type Io, note, write } from '#kit/console/process'
import { replaceFile } from '#kit/console/replace-file'
import { LlmError } from '#kit/llm/errors'
import { type Llm, openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { isBatchInput, itemsOf } from './batch/items.ts'
import { type BatchOptions, failedPath, runBatch } from './batch/run.ts'
import { toCsv } from './csv.ts'
import { Extractor, heuristicTasks } from './extract.ts'
import { type Extraction, ExtractionError } from './extraction.ts'
import type { ObjectField } from './fields/fields.ts'
import { loadSchema } from './fields/load.ts'
import { HELP, type Options, parseOptions } from './options.ts'

const DEFAULT_OUT = 'reports/extractions.jsonl'

interface Job {
  options: Options
  root: ObjectField
  io: Io
  onRetry: BatchOptions['onRetry']
}

/** Runs the command. Standard output carries the data and nothing else. Throws; `runMain` turns that into an exit code. */
export async function run(args: readonly string[], io: Io): Promise<void> {
  const options = parseOptions(args)
  if (options.help) return write(io.stdout, HELP)
  const root = await loadSchema(options.schema)
  const nothing = 'Nothing to extract from: name a file or a folder, or pipe text in'
  const inputs = filesOrInput(options.inputs, io.stdin, nothing)
  const isBatch = options.out !== undefined || (await Promise.all(inputs.map(isBatchInput))).includes(true)
  const onRetry = (file: string, problems: readonly string[]) =>
    note(io, `${file}: the answer cannot be used (${problems[0]}); asking again`)
  const job = { options, root, io, onRetry }
  return isBatch ? extractBatch(job, inputs) : extractAll(job, inputs)
}

/** Documents to standard output. One that fails does not stop the others, and is an error in the end. */
async function extractAll({ options, root, io, onRetry }: Job, inputs: readonly string[]): Promise<void> {
  const documents = await readDocuments(inputs, io.stdin, io.signal)
  const llm = await open(options, root, io)
  const extractor = new Extractor(llm, root, options.prompt)
  const done: Extraction[] = []
  const failed: unknown[] = []
  try {
    for (const document of documents) {
      try {
        const extraction = await extractor.extract(document, { signal: io.signal, onRetry })
        done.push(extraction)
        if (!options.csv)
          await write(io.stdout, `${toJson(extraction, documents.length === 1 ? 2 : undefined)}\n`)
        reportIssues(extraction, io)
      } catch (error) {
        if (!(error instanceof ExtractionError)) throw error
        await keepAnswers(extractor.idOf(document), error, io)
        failed.push(error)
      }
    }
    if (options.csv) await write(io.stdout, toCsv(root, done))
  } finally {
    // Also after a failure or Ctrl-C: what was used was paid for.
    note(io, formatUsage(llm.meter.total()))
  }
  if (failed.length > 0) throw failed[0]
}

async function extractBatch({ options, root, io, onRetry }: Job, inputs: readonly string[]): Promise<void> {
  const items = await itemsOf(inputs, io)
  const out = resolve(io.directory, options.out ?? DEFAULT_OUT)
  const llm = await open(options, root, io)
  const extractor = new Extractor(llm, root, options.prompt)
  const { concurrency, csv } = options
  const onProgress = (done: number, total: number, what: string) => note(io, `${done}/${total} ${what}`)
  try {
    const batch = { extractor, concurrency, signal: io.signal, onProgress, onRetry }
    const { extracted, kept, failed, rows } = await runBatch(items, out, batch)
    if (csv)
      await replaceFile(
        out.replace(/\.jsonl$/, '.csv'),
        toCsv(
          root,
          rows.map(({ file, data }) => ({ file, data })),
        ),
      )
    note(io, `${extracted} extracted, ${kept} there already, ${failed} failed: ${out}`)
    if (failed === 0) return
    const hint = `${failedPath(out)} says why, with what the model wrote. The same command tries them again.`
    throw new LlmError('invalid-response', `${failed} of ${items.length} documents failed`, { hint })
  } finally {
    note(io, formatUsage(llm.meter.total()))
  }
}

async function open(options: Options, root: ObjectField, io: Io): Promise<Llm> {
  const llm = await openLlm({
    env: loadEnv(io.directory, io.env),
    tasks: heuristicTasks(root),
    announce: (line) => note(io, line),
    ...(options.maxCostUsd !== undefined && { maxCostUsd: options.maxCostUsd }),
  })
  if (llm.deterministic && options.prompt !== 'zero-shot') {
    note(io, `The heuristic provider reads no prompt: --prompt ${options.prompt} changes nothing.`)
  }
  return llm
}

function reportIssues({ file, issues }: Extraction, io: Io): void {
  for (const { path, code, message } of issues) note(io, `${file}: ${path}: ${code}: ${message}`)
}

/** What the model wrote is what you need to see why it failed. */
async function keepAnswers(id: string, { message, attempts }: ExtractionError, io: Io): Promise<void> {
  const path = join('reports', `failed-${id}.json`)
  await replaceFile(join(io.directory, path), `${toJson({ message, attempts }, 2)}\n`)
  note(io, `${message}\nWhat the model wrote is in ${path}`)
}
