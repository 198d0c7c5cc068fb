import { toJson } from '#kit/console/json'
import { streamPrintable, toPrintable } from '#kit/console/printable'
import { type Io, note, write } from '#kit/console/process'
import { isUnusableAnswer, type LlmError } from '#kit/llm/errors'
import type { Llm } from '#kit/llm/model'
import { describeRepeats, type Summary, toReport } from './report.ts'

interface Shape {
  json: boolean
  /** Runs per document. */
  repeat: number
  documents: number
}

/** Prints summaries as they arrive, with headings when there are several, or one JSON document at the end. */
export class SummaryOutput {
  readonly #io: Io
  readonly #shape: Shape
  readonly #summaries: Summary[] = []
  readonly #unusable: LlmError[] = []

  constructor(io: Io, shape: Shape) {
    this.#io = io
    this.#shape = shape
  }

  notePart(document: string, part: number, parts: number): void {
    if (part === 1) note(this.#io, `${document} is over the context window: reading it in ${parts} parts`)
  }

  /**
   * Throws what reading `deltas` throws, after what came before it. Among several runs, an unusable answer is a
   * finding: `finish` throws it.
   */
  async print(document: string, run: number, deltas: AsyncIterable<string>): Promise<void> {
    try {
      await this.#printRun(document, run, deltas)
    } catch (error) {
      if (this.#shape.repeat === 1 || !isUnusableAnswer(error)) throw error
      note(this.#io, `run ${run} of ${this.#shape.repeat}: ${error.message}`)
      this.#unusable.push(error)
    }
  }

  async #printRun(document: string, run: number, deltas: AsyncIterable<string>): Promise<void> {
    const { stdout } = this.#io
    const { json } = this.#shape
    let text = ''
    if (!json) await write(stdout, this.#heading(document, run))
    try {
      for await (const delta of streamPrintable(deltas)) {
        text += delta
        if (!json) await write(stdout, delta)
      }
    } finally {
      // The next report or error starts on a new line.
      if (text !== '' && !json) stdout.write('\n')
    }
    this.#summaries.push({ document, run, text })
  }

  /** Throws the first unusable answer of repeated runs, after the report. */
  async finish(llm: Llm): Promise<void> {
    if (this.#shape.json) await write(this.#io.stdout, `${toJson(toReport(llm, this.#summaries), 2)}\n`)
    const repeats = describeRepeats(llm, this.#summaries)
    if (repeats !== undefined) note(this.#io, repeats)
    const [first] = this.#unusable
    if (first) throw first
  }

  #heading(document: string, run: number): string {
    const { documents, repeat } = this.#shape
    const parts = [
      documents > 1 ? toPrintable(document) : '',
      repeat > 1 ? `run ${run} of ${repeat}` : '',
    ].filter(Boolean)
    return parts.length === 0 ? '' : `## ${parts.join(', ')}\n`
  }
}
