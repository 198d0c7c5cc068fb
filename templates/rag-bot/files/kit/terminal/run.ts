import type { BotParts, IngestOptions, Lesson } from '#kit/bot/contract'
import { type Env, loadEnv } from '#kit/console/env'
import { InputError } from '#kit/console/errors'
import { type Io, note, write } from '#kit/console/process'
import { runConversation } from '#kit/console/repl'
import { listDocuments } from '#kit/documents/list-documents'
import { openEmbedder } from '#kit/embeddings/open'
import { openLlm } from '#kit/llm/model'
import { formatUsage, type Meter } from '#kit/llm/usage'
import { traceLlm } from '#kit/otel/chat'
import { traceEmbedder } from '#kit/otel/embeddings'
import { startTracing } from '#kit/otel/start'
import { mayHaveIndex, openStore } from '#kit/store/open'
import { listIngested } from './ingested.ts'
import { type AskOptions, type Command, type Common, HELP, parseCommand } from './options.ts'
import { type Conversation, printAnswer } from './print-answer.ts'
import { printIngested, printProgress } from './print-ingest.ts'

/**
 * Runs a command of the lesson's bot. Standard output carries answers and nothing else. Throws; `runMain`
 * turns errors into exit codes.
 */
export async function runCommand(lesson: Lesson, args: readonly string[], io: Io): Promise<void> {
  const command = parseCommand(args)
  if (command.name === 'help') return write(io.stdout, HELP)
  const tell = (line: string) => note(io, line)
  const tracing = await startTracing({ env: loadEnv(io.directory, io.env), serviceName: 'rag-bot', tell })
  try {
    await new Program(lesson, io).run(command)
  } finally {
    await tracing.close()
  }
}

type TerminalRetriever = Pick<BotParts, 'store' | 'embedder'>

interface Opening {
  rebuild?: boolean
  inMemory?: boolean
  /** For a single question. */
  isBrief?: boolean
}

class Program {
  readonly #lesson: Lesson
  readonly #io: Io
  readonly #env: Env

  constructor(lesson: Lesson, io: Io) {
    this.#lesson = lesson
    this.#io = io
    this.#env = loadEnv(io.directory, io.env)
  }

  run(command: Exclude<Command, { name: 'help' }>): Promise<void> {
    const io = this.#io
    switch (command.name) {
      case 'ingest':
        return this.#ingest(command)
      case 'ask':
        return this.#withBot(command, (bot) => printAnswer(command.question, bot, io, io.signal))
      case 'chat':
        return this.#withBot(command, (bot) => this.#chat(bot))
      case 'serve':
        return this.#withBot(command, async (bot) => {
          const { serveBot } = await import('#kit/web/serve')
          await serveBot({ ...bot, createBot: this.#lesson.createBot }, io)
        })
      default:
        return command satisfies never
    }
  }

  async #ingest(command: Extract<Command, { name: 'ingest' }>): Promise<void> {
    const io = this.#io
    const folder = await listDocuments(command.docs, io.signal)
    await this.#withRetriever(command, { rebuild: command.rebuild }, async (retriever) => {
      const { store, embedder } = retriever
      if (folder.unread !== undefined) note(io, folder.unread)
      note(io, `${folder.names.length} documents -> ${store.name}, vectors by ${embedder.modelId}`)
      const { onProgress, end } = printProgress(io)
      const options: IngestOptions = { ...retriever, signal: io.signal, onProgress }
      const result = await this.#lesson
        .ingest(folder, options)
        .catch((error: unknown) => {
          if (io.signal.aborted)
            note(io, 'Stopped. What is indexed stays; the same command goes on from there.')
          throw error
        })
        .finally(end)
      await listIngested(io.directory, folder)
      printIngested(result, io)
    })
  }

  async #chat(bot: Conversation): Promise<void> {
    note(this.#io, `Ask about the docs in ${bot.store.name}. Ctrl-D leaves.`)
    await runConversation(this.#io, async (line, signal) => {
      if (line === '/quit') return false
      await printAnswer(line, bot, this.#io, signal)
      return true
    })
  }

  /** A bot over the index, or over documents that are read for this run alone. */
  async #withBot(
    options: AskOptions & { name: string },
    use: (bot: Conversation) => Promise<void>,
  ): Promise<void> {
    const { docs, json, filter, maxCostUsd } = options
    const env = this.#env
    if (docs === undefined && !mayHaveIndex({ env, directory: options.index }))
      throw toEmptyIndexError(options.index)
    const opening = { inMemory: docs !== undefined, isBrief: options.name === 'ask' }
    await this.#withRetriever(options, opening, async (retriever) => {
      if (docs !== undefined) await this.#read(docs, retriever)
      else await refuseEmptyIndex(retriever)
      const announce = (line: string) => note(this.#io, line)
      const cost = maxCostUsd === undefined ? {} : { maxCostUsd }
      const llm = traceLlm(await openLlm({ env, tasks: this.#lesson.tasks, announce, ...cost }))
      const parts = { store: retriever.store, embedder: traceEmbedder(retriever.embedder), llm }
      const { ask } = this.#lesson.createBot(parts)
      try {
        await use({ ...parts, ask, json, filter: { metadata: filter }, turns: [] })
      } finally {
        this.#printUsage(llm.meter)
      }
    })
  }

  async #read(docs: string, retriever: TerminalRetriever): Promise<void> {
    const io = this.#io
    const folder = await listDocuments(docs, io.signal)
    if (folder.unread !== undefined) note(io, folder.unread)
    const options = { ...retriever, signal: io.signal, onProgress: () => {} }
    const { skipped } = await this.#lesson.ingest(folder, options)
    for (const line of skipped) note(io, `left out: ${line}`)
    if (skipped.length === folder.names.length)
      throw new InputError(`${docs} holds nothing that can be read`, 'Name another folder or file.')
  }

  async #withRetriever(
    { index, maxCostUsd }: Common,
    { rebuild = false, inMemory = false, isBrief = false }: Opening,
    use: (retriever: TerminalRetriever) => Promise<void>,
  ): Promise<void> {
    const env = this.#env
    const cost = maxCostUsd === undefined ? {} : { maxCostUsd }
    const embedder = await openEmbedder({ env, hashed: this.#lesson.hashedVector, ...cost })
    const embedding = { model: embedder.modelId, dimensions: embedder.dimensions }
    const place = inMemory ? { env: {}, directory: undefined } : { env, directory: index }
    const store = await openStore({ ...place, embedding, rebuild, isBrief })
    try {
      await use({ store, embedder })
    } finally {
      await store.close()
      // Vectors of the heuristic provider cost nothing, so they are not reported.
      if (embedder.provider !== 'heuristic') this.#printUsage(embedder.meter)
    }
  }

  /** Also after a failure or Ctrl-C: what was used was paid for. */
  #printUsage(meter: Meter): void {
    if (meter.calls.length > 0) note(this.#io, formatUsage(meter.total()))
  }
}

async function refuseEmptyIndex({ store }: TerminalRetriever): Promise<void> {
  const { chunks } = await store.statistics([])
  if (chunks === 0) throw toEmptyIndexError(store.name)
}

/** Asking does not create an index: an empty one would be bound to the current embedding model. */
function toEmptyIndexError(where: string): InputError {
  return new InputError(
    `Nothing is indexed in ${where}`,
    'Index your docs first: npm run ingest -- docs-sample',
  )
}
