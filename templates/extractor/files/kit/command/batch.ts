import { InputError } from '#kit/console/errors'
import { LlmError } from '#kit/llm/errors'
import { type Extracted, ExtractionError, type Extractor } from './extractor.ts'
import type { Item } from './items.ts'
import { type DeadLetter, ResultsFile, type Row } from './results.ts'

export interface BatchOptions {
  extractor: Extractor
  concurrency: number
  signal: AbortSignal
  onProgress: (done: number, total: number, what: string) => void
  onRetry: (file: string, problems: readonly string[]) => void
}

export interface BatchOutcome {
  extracted: number
  /** Extracted by an earlier run. */
  kept: number
  failed: number
  rows: readonly Row[]
}

/**
 * Extracts every item into the results file. A document that fails goes to the dead-letter file next to it;
 * the next run retries it. A document that has a row from the same text, schema, model and prompt is skipped.
 * Finished rows stay, however the run ends. Throws what would fail for every document alike (key, settings,
 * cost ceiling) and the signal's reason.
 */
export async function runBatch(
  items: readonly Item[],
  out: string,
  options: BatchOptions,
): Promise<BatchOutcome> {
  const results = await ResultsFile.open(out)
  const deadLetters = await ResultsFile.open(nameFailedFile(out))
  const order = [...new Set(items.map(({ name }) => name))]
  const run = new BatchRun(results, deadLetters, options)
  try {
    await run.all(items)
  } finally {
    await results.settle(order)
    await deadLetters.settle(order)
  }
  const { extracted, kept, failed } = run.counts
  return { extracted, kept, failed, rows: await results.settle(order) }
}

/** `results.jsonl` gives `results.failed.jsonl`. */
export function nameFailedFile(out: string): string {
  return out.replace(/\.jsonl$/, '.failed.jsonl')
}

class BatchRun {
  readonly counts = { extracted: 0, kept: 0, failed: 0 }
  readonly #results: ResultsFile
  readonly #deadLetters: ResultsFile
  readonly #options: BatchOptions
  readonly #claimed = new Set<string>()

  constructor(results: ResultsFile, deadLetters: ResultsFile, options: BatchOptions) {
    this.#results = results
    this.#deadLetters = deadLetters
    this.#options = options
  }

  async all(items: readonly Item[]): Promise<void> {
    const stop = new AbortController()
    const signal = AbortSignal.any([this.#options.signal, stop.signal])
    const queue = items.values() // one iterator for all workers: each item is handed out once
    const worker = async () => {
      for (const item of queue) {
        signal.throwIfAborted()
        const what = await this.#one(item, signal).catch((error: unknown) => {
          stop.abort(error)
          throw error
        })
        const { extracted, kept, failed } = this.counts
        this.#options.onProgress(extracted + kept + failed, items.length, what)
      }
    }
    const workers = Array.from({ length: this.#options.concurrency }, worker)
    // Wait for all of them: no write may happen after the caller reads the files.
    const ended = await Promise.allSettled(workers)
    this.#options.signal.throwIfAborted()
    const broken = ended.find((end) => end.status === 'rejected')
    if (broken) throw stop.signal.aborted ? stop.signal.reason : broken.reason
  }

  async #one(item: Item, signal: AbortSignal): Promise<string> {
    const { extractor, onRetry } = this.#options
    let id = item.name
    try {
      const document = await item.read()
      id = extractor.identify(document)
      if (this.#results.has(id) || this.#claimed.has(id)) return this.#keep(item)
      this.#claimed.add(id)
      return await this.#succeed(await extractor.extract(document, { signal, onRetry }))
    } catch (error) {
      if (signal.aborted || isForAll(error)) throw error
      return this.#fail(writeDeadLetter(id, item.name, error))
    }
  }

  #keep({ name }: Item): string {
    this.counts.kept += 1
    this.#deadLetters.drop(new Set([name]))
    return `${name}: has been extracted already`
  }

  async #succeed(extraction: Extracted): Promise<string> {
    await this.#results.add({ ...extraction })
    this.#deadLetters.drop(new Set([extraction.file]))
    this.counts.extracted += 1
    const { evidence, issues, file } = extraction
    return `${file}: ${Object.keys(evidence).length} values, ${issues.length} issues`
  }

  async #fail(letter: DeadLetter): Promise<string> {
    await this.#deadLetters.add(letter)
    this.counts.failed += 1
    return `${letter.file}: failed: ${letter.error.message}`
  }
}

function isForAll(error: unknown): boolean {
  if (!(error instanceof LlmError)) return !(error instanceof InputError)
  return ['config', 'auth', 'cost'].includes(error.kind)
}

function writeDeadLetter(id: string, file: string, error: unknown): DeadLetter {
  const attempts = error instanceof ExtractionError ? error.attempts : []
  const kind = error instanceof LlmError ? error.kind : 'input'
  const message = error instanceof Error ? error.message : String(error)
  const hint = error instanceof LlmError || error instanceof InputError ? error.hint : ''
  return { id, file, error: { kind, message, hint }, attempts }
}
