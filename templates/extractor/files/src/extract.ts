import { createHash } from 'node:crypto'
import type { JSONValue } from '@ai-sdk/provider'
import type { ModelMessage } from 'ai'
import type { Document } from '#kit/console/input'
import { computeCost } from '#kit/llm/cost'
import { LlmError } from '#kit/llm/errors'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import type { Llm } from '#kit/llm/model'
import { estimateTokens } from '#kit/llm/tokens'
import { extractHeuristically } from '#kit/offline/extract'
import {
  type AskStructured,
  openStructured,
  type RawAnswer,
  type StructuredQuestion,
} from './ask/structured.ts'
import { Source } from './check/evidence.ts'
import { type Review, reviewAnswer } from './check/review.ts'
import { type Attempt, type Extraction, ExtractionError } from './extraction.ts'
import type { ObjectField } from './fields/fields.ts'
import { wireSchema } from './fields/wire.ts'
import { PATTERNS, type PatternName, repairPrompt, SYSTEM } from './prompts.ts'

export interface ExtractOptions {
  signal?: AbortSignal
  /** Told before the model is asked again. */
  onRetry?: (file: string, problems: readonly string[]) => void
}

/**
 * What the embedded heuristic provider can be asked about documents of this schema. It gets the whole document as data, so the first half of a
 * split prompt hands it on as it is.
 */
export function heuristicTasks(root: ObjectField): HeuristicTasks {
  const text = (input: JSONValue) => String(input)
  return {
    [taskOf(root)]: (input) => JSON.stringify(extractHeuristically(root, text(input))),
    passages: text,
  }
}

/** Named after the schema, so that one provider can serve several. */
function taskOf(root: ObjectField): string {
  return `extract ${hash(wireSchema(root)).slice(0, 8)}`
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

const MAX_ATTEMPTS = 3
// Far more than most answers need: a cut answer is an error, and models that reason spend output tokens first.
const MAX_OUTPUT_TOKENS = 8_192
const ESTIMATE_MARGIN = 0.85 // token counts are estimates: see llm/tokens.ts

/** Takes data of one schema out of documents, with one model and one way of asking. */
export class Extractor {
  readonly #llm: Llm
  readonly #root: ObjectField
  readonly #pattern: PatternName
  readonly #ask: AskStructured

  constructor(llm: Llm, root: ObjectField, pattern: PatternName) {
    this.#llm = llm
    this.#root = root
    this.#pattern = pattern
    this.#ask = openStructured(llm)
  }

  /** Known before the first call. */
  idOf({ name, text }: Document): string {
    const how = this.#llm.deterministic ? null : [this.#pattern, SYSTEM]
    const parts = [name, text, wireSchema(this.#root), this.#llm.provider, this.#llm.modelId, how]
    return hash(parts).slice(0, 16)
  }

  /**
   * Asks, checks, and asks again with what was wrong, at most twice; an answer that comes back the same is not asked for a third time.
   * Throws an `ExtractionError` that holds every answer, an `LlmError` when there is none, or the signal's reason.
   */
  async extract(document: Document, options: ExtractOptions = {}): Promise<Extraction> {
    const source = new Source(document.text)
    const used: RawAnswer['usage'][] = []
    const messages = await this.#messages(document, options, used)
    const attempts: Attempt[] = []
    for (;;) {
      const { text: raw, usage } = await this.#ask(this.#question('extract', messages, document, options))
      used.push(usage)
      const checked = reviewAnswer(this.#root, raw, source)
      attempts.push({ raw, problems: checked.problems })
      if (checked.problems.length === 0 || this.#isLast(attempts)) {
        return this.#finish(document, checked, attempts, used)
      }
      options.onRetry?.(document.name, checked.problems)
      messages.push(
        { role: 'assistant', content: raw },
        { role: 'user', content: repairPrompt(checked.problems) },
      )
    }
  }

  #finish(document: Document, checked: Review, attempts: Attempt[], used: RawAnswer['usage'][]): Extraction {
    const { name: file } = document
    const { result, problems, misfit } = checked
    if (result === undefined) {
      const what = `${file}: no usable answer after ${attempts.length} of ${MAX_ATTEMPTS} attempts: ${problems[0]}`
      throw new ExtractionError(
        what,
        'Try another model or a simpler schema. What it wrote is kept.',
        attempts,
      )
    }
    if (misfit !== undefined) {
      const hint = 'If a document may lack it, make it .nullable() in the schema.'
      throw new ExtractionError(`${file}: the data does not fit the schema: ${misfit}`, hint, attempts)
    }
    const { provider: name, modelId: model } = this.#llm
    const id = this.idOf(document)
    const provider = { name, model, prompt: this.#prompt }
    return { schema: 'extraction.v1', id, file, ...result, provider, usage: this.#total(used) }
  }

  async #messages(document: Document, options: ExtractOptions, used: RawAnswer['usage'][]) {
    this.#refuseTooLong(document)
    const ask = async (content: string) => {
      const { text, usage } = await this.#ask(
        this.#question('passages', [{ role: 'user', content }], document, options),
      )
      used.push(usage)
      return text
    }
    return [...(await PATTERNS[this.#pattern].messages({ document: document.text, root: this.#root, ask }))]
  }

  #question(
    task: 'extract' | 'passages',
    messages: ModelMessage[],
    { text: input }: Document,
    { signal }: ExtractOptions,
  ): StructuredQuestion {
    const [schema, name] =
      task === 'extract' ? [wireSchema(this.#root), taskOf(this.#root)] : [undefined, task]
    const heuristic = { task: name, input }
    return { system: SYSTEM, messages, schema, heuristic, maxOutputTokens: this.#maxOutputTokens, signal }
  }

  /** The heuristic would say the same again. */
  #isLast(attempts: readonly Attempt[]): boolean {
    if (this.#llm.deterministic || attempts.length >= MAX_ATTEMPTS) return true
    return attempts.length > 1 && attempts.at(-1)?.raw === attempts.at(-2)?.raw
  }

  /** null: the heuristic reads no prompt. */
  get #prompt(): PatternName | null {
    return this.#llm.deterministic ? null : this.#pattern
  }

  get #maxOutputTokens(): number {
    return Math.min(MAX_OUTPUT_TOKENS, Math.floor(this.#llm.contextWindow / 3))
  }

  #refuseTooLong({ name, text }: Document): void {
    if (this.#llm.deterministic) return
    const besides = estimateTokens(SYSTEM) + 2 * estimateTokens(JSON.stringify(wireSchema(this.#root)))
    const room = (this.#llm.contextWindow - this.#maxOutputTokens) * ESTIMATE_MARGIN - besides
    const tokens = estimateTokens(text)
    if (tokens <= room) return
    const what = `${name} is about ${tokens} tokens long; this model has room for ${Math.max(0, Math.floor(room))}`
    throw new LlmError('bad-request', what, { hint: 'Split the document, or use a model that reads more.' })
  }

  #total(used: readonly RawAnswer['usage'][]): Extraction['usage'] {
    const counts = used.map(({ inputTokens = 0, outputTokens = 0, inputTokenDetails }) => {
      return { inputTokens, outputTokens, cachedInputTokens: inputTokenDetails?.cacheReadTokens ?? 0 }
    })
    const { price } = this.#llm
    return {
      calls: used.length,
      inputTokens: counts.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
      outputTokens: counts.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
      costUsd: price ? counts.reduce((sum, count) => sum + computeCost(price, count), 0) : null,
    }
  }
}
