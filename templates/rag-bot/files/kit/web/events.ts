import type { Answer, BotParts, Question, RunningBot } from '#kit/bot/contract'
import { type App, logFailure } from '#kit/http/app'
import { HttpError, toErrorBody, toHttpError } from '#kit/http/errors'
import type { ServerEvent } from '#kit/http/sse'
import { meterSeparately } from '#kit/llm/metered'
import { StoreError } from '#kit/store/store'

/** What answers over HTTP: a bot is made for each question, so that what it used is counted apart. */
export interface ServedBot extends BotParts {
  createBot(parts: BotParts): RunningBot
}

export interface AskedOver {
  app: Pick<App, 'log' | 'metrics'>
  id: string
  signal: AbortSignal
}

/** The events of one answer, the last of them `done` or `error`. Throws nothing. */
export async function* answerEvents(
  bot: ServedBot,
  question: Omit<Question, 'signal'>,
  { app, id, signal }: AskedOver,
): AsyncGenerator<ServerEvent, void, undefined> {
  const own = { store: bot.store, embedder: bot.embedder, llm: meterSeparately(bot.llm) }
  const { ask } = bot.createBot(own)
  const times = new Times()
  try {
    for await (const event of ask({ ...question, signal })) {
      switch (event.type) {
        case 'sources':
          times.retrieved()
          yield {
            event: 'sources',
            data: { schema: 'ask-sse.v1', question: event.question, sources: event.sources },
          }
          break
        case 'delta':
          times.token()
          yield { event: 'delta', data: { text: event.text } }
          break
        case 'citation':
          yield { event: 'citation', data: event.citation }
          break
        case 'done':
          yield { event: 'done', data: toDone(event.answer, own, times) }
          break
        default:
          event satisfies never
      }
    }
    countTokens(app, own, times)
  } catch (thrown) {
    const error = toFailure(thrown)
    if (error !== thrown && !signal.aborted) logFailure(app.log, id, thrown)
    yield { event: 'error', data: toErrorBody(error, id) }
  }
}

function toDone({ question, text, refused, citations, cited }: Answer, { llm }: BotParts, times: Times) {
  const { unknown, used } = citations
  return {
    ...{ question, text, refused, citations: cited, unknown, used },
    ...{ provider: llm.provider, model: llm.modelId, usage: llm.meter.total(), timings: times.all() },
  }
}

function countTokens({ metrics }: AskedOver['app'], { llm }: BotParts, times: Times): void {
  const { inputTokens, outputTokens } = llm.meter.total()
  metrics.tokens.inc({ direction: 'in' }, inputTokens)
  metrics.tokens.inc({ direction: 'out' }, outputTokens)
  metrics.firstToken.observe((times.all().firstTokenMs ?? 0) / 1_000)
}

/** What a stranger may know of it. */
export function toFailure(error: unknown): HttpError {
  if (error instanceof StoreError)
    return new HttpError(503, 'store_failed', 'The index cannot be searched now')
  return toHttpError(error)
}

/** Milliseconds since the question. */
class Times {
  readonly #startedAt = performance.now()
  #retrievalMs: number | null = null
  #firstTokenMs: number | null = null

  retrieved(): void {
    this.#retrievalMs ??= this.#now()
  }

  token(): void {
    this.#firstTokenMs ??= this.#now()
  }

  all() {
    return { retrievalMs: this.#retrievalMs, firstTokenMs: this.#firstTokenMs, totalMs: this.#now() }
  }

  #now(): number {
    return Math.round(performance.now() - this.#startedAt)
  }
}
