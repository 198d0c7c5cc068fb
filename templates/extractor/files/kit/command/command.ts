import { join, resolve } from 'node:path'
import type { ZodObject } from 'zod'
import { loadEnv } from '#kit/console/env'
import { chooseInput } from '#kit/console/input'
import { toJson } from '#kit/console/json'
import { type Io, note, write } from '#kit/console/process'
import { replaceFile } from '#kit/console/replace-file'
import { readShownDocuments } from '#kit/documents/inputs'
import type { ObjectField } from '#kit/fields/field'
import { loadSchema } from '#kit/fields/load'
import { LlmError } from '#kit/llm/errors'
import { type Llm, openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { createOfflineTasks } from '#kit/offline/tasks'
import { type BatchOptions, nameFailedFile, runBatch } from './batch.ts'
import { toCsv } from './csv.ts'
import { type Extracted, ExtractionError, type Extractor } from './extractor.ts'
import { isBatchInput, listItems } from './items.ts'
import { type Options, parseExtractOptions, writeHelp } from './options.ts'

const DEFAULT_OUT = 'reports/extractions.jsonl'

/** The extractor that the command runs. */
export interface Lesson<P extends string> {
  /** Throws a `ConfigError` for a schema that a model can't be asked for. */
  readFields(schema: ZodObject): ObjectField
  createExtractor(llm: Llm, root: ObjectField, pattern: P): Extractor
  /** Choices of --prompt; the first is the default. */
  patterns: readonly [P, ...P[]]
}

/** The command line around an extractor. Standard output carries the data and nothing else. */
export function createCommand<P extends string>(
  lesson: Lesson<P>,
): (args: readonly string[], io: Io) => Promise<void> {
  return async (args, io) => {
    const options = parseExtractOptions(args, lesson.patterns)
    if (options.help) return write(io.stdout, writeHelp(lesson.patterns))
    const root = lesson.readFields(await loadSchema(options.schema))
    const nothing = 'Nothing to extract from: name a file or a folder, or pipe text in'
    const inputs = chooseInput(options.inputs, io.stdin, nothing)
    const isBatch = options.out !== undefined || (await Promise.all(inputs.map(isBatchInput))).includes(true)
    const onRetry = (file: string, problems: readonly string[]) =>
      note(io, `${file}: the answer can't be used (${problems[0]}); asking again`)
    const open = async () => {
      const llm = await openModel(options, options.pattern !== lesson.patterns[0], root, io)
      return { llm, extractor: lesson.createExtractor(llm, root, options.pattern) }
    }
    const job = { options, root, io, onRetry, open }
    return isBatch ? extractBatch(job, inputs) : extractAll(job, inputs)
  }
}

interface Job {
  options: Options<string>
  root: ObjectField
  io: Io
  onRetry: BatchOptions['onRetry']
  /** Opens the model only after the input was read. */
  open(): Promise<{ llm: Llm; extractor: Extractor }>
}

/**
 * Prints documents to standard output. A document that fails doesn't stop the others; the first failure is
 * thrown at the end.
 */
async function extractAll(
  { options, root, io, onRetry, open }: Job,
  inputs: readonly string[],
): Promise<void> {
  const documents = await readShownDocuments(inputs, io.stdin, io.signal)
  const { llm, extractor } = await open()
  const done: Extracted[] = []
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
        await keepAnswers(extractor.identify(document), error, io)
        failed.push(error)
      }
    }
    if (options.csv) await write(io.stdout, toCsv(root, done))
  } finally {
    // Also after a failure or Ctrl-C: these tokens were paid for.
    note(io, formatUsage(llm.meter.total()))
  }
  if (failed.length > 0) throw failed[0]
}

async function extractBatch(
  { options, root, io, onRetry, open }: Job,
  inputs: readonly string[],
): Promise<void> {
  const items = await listItems(inputs, io)
  const out = resolve(io.directory, options.out ?? DEFAULT_OUT)
  const { llm, extractor } = await open()
  const { concurrency, csv } = options
  const onProgress = (done: number, total: number, what: string) => note(io, `${done}/${total} ${what}`)
  try {
    const batch = { extractor, concurrency, signal: io.signal, onProgress, onRetry }
    const { extracted, kept, failed, rows } = await runBatch(items, out, batch)
    if (csv) {
      const cells = rows.map(({ file, data }) => ({ file, data }))
      await replaceFile(out.replace(/\.jsonl$/, '.csv'), toCsv(root, cells))
    }
    note(io, `${extracted} extracted, ${kept} there already, ${failed} failed: ${out}`)
    if (failed === 0) return
    const hint = `${nameFailedFile(out)} has the reasons and the model's answers. The same command tries them again.`
    throw new LlmError('invalid-response', `${failed} of ${items.length} documents failed`, { hint })
  } finally {
    note(io, formatUsage(llm.meter.total()))
  }
}

async function openModel(
  { pattern, maxCostUsd }: Options<string>,
  isPatternChosen: boolean,
  root: ObjectField,
  io: Io,
): Promise<Llm> {
  const llm = await openLlm({
    env: loadEnv(io.directory, io.env),
    tasks: createOfflineTasks(root),
    announce: (line) => note(io, line),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
  })
  if (llm.deterministic && isPatternChosen) {
    note(io, `The heuristic provider reads no prompt: --prompt ${pattern} changes nothing.`)
  }
  return llm
}

function reportIssues({ file, issues }: Extracted, io: Io): void {
  for (const { path, code, message } of issues) note(io, `${file}: ${path}: ${code}: ${message}`)
}

/** The model's own words show why a document failed. */
async function keepAnswers(id: string, { message, attempts }: ExtractionError, io: Io): Promise<void> {
  const path = join('reports', `failed-${id}.json`)
  await replaceFile(join(io.directory, path), `${toJson({ message, attempts }, 2)}\n`)
  note(io, `${message}\nThe model's answers are in ${path}`)
}
