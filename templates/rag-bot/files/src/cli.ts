import { type Env, loadEnv } from '#kit/console/env'
import { InputError } from '#kit/console/errors'
import { type Io, note, write } from '#kit/console/process'
import { converse } from '#kit/console/repl'
import { listDocuments } from '#kit/documents/list-documents'
import { openEmbedder } from '#kit/embeddings/open'
import { openLlm } from '#kit/llm/model'
import { formatUsage, type Meter } from '#kit/llm/usage'
import { tracedLlm } from '#kit/otel/chat'
import { tracedEmbedder } from '#kit/otel/embeddings'
import { startTracing } from '#kit/otel/start'
import { hashedVector } from '#kit/retrieval/hashed-vector'
import { mayHaveIndex, openStore } from '#kit/store/open'
import { heuristicTasks } from './answer.ts'
import { ingest } from './ingest.ts'
import { type AskOptions, type Command, type Common, HELP, parseCommand } from './options.ts'
import type { Retriever } from './retrieve.ts'
import { type Conversation, tellAnswer } from './terminal/tell-answer.ts'
import { tellIngested, tellProgress } from './terminal/tell-ingest.ts'
import { serveBot } from './web/serve.ts'

/** Runs a command. Standard output carries answers and nothing else. Throws; `runMain` turns that into an exit code. */
export async function run(args: readonly string[], io: Io): Promise<void> {
  const command = parseCommand(args)
  if (command.name === 'help') return write(io.stdout, HELP)
  const tell = (line: string) => note(io, line)
  const tracing = await startTracing({ env: loadEnv(io.directory, io.env), serviceName: 'rag-bot', tell })
  try {
    await runTraced(command, io)
  } finally {
    await tracing.close()
  }
}

function runTraced(command: Exclude<Command, { name: 'help' }>, io: Io): Promise<void> {
  switch (command.name) {
    case 'ingest':
      return runIngest(command, io)
    case 'ask':
      return withBot(command, io, (bot) => tellAnswer(command.question, bot, io, io.signal))
    case 'chat':
      return withBot(command, io, (bot) => chat(bot, io))
    case 'serve':
      return withBot(command, io, (bot) => serveBot(bot, io))
    default:
      return command satisfies never
  }
}

type Ingest = Extract<Command, { name: 'ingest' }>

async function runIngest(command: Ingest, io: Io): Promise<void> {
  const folder = await listDocuments(command.docs, io.signal)
  await withRetriever(command, io, { rebuild: command.rebuild }, async (retriever) => {
    note(
      io,
      `${folder.names.length} documents -> ${retriever.store.name}, vectors by ${retriever.embedder.modelId}`,
    )
    const { onProgress, end } = tellProgress(io)
    const result = await ingest(folder, { ...retriever, signal: io.signal, onProgress })
      .catch((error: unknown) => {
        if (io.signal.aborted)
          note(io, 'Stopped. What is indexed stays; the same command goes on from there.')
        throw error
      })
      .finally(end)
    tellIngested(result, io)
  })
}

async function chat(bot: Conversation, io: Io): Promise<void> {
  note(io, `Ask about the docs in ${bot.store.name}. Ctrl-D leaves.`)
  await converse(io, async (line, signal) => {
    if (line === '/quit') return false
    await tellAnswer(line, bot, io, signal)
    return true
  })
}

/** A bot over the index, or over documents that are read for this run alone. */
async function withBot(
  options: AskOptions,
  io: Io,
  use: (bot: Conversation) => Promise<void>,
): Promise<void> {
  const { docs, json, filter, maxCostUsd } = options
  const env = loadEnv(io.directory, io.env)
  if (docs === undefined && !mayHaveIndex({ env, directory: options.index }))
    throw nothingIndexed(options.index)
  await withRetriever(options, io, { inMemory: docs !== undefined }, async (retriever) => {
    if (docs !== undefined) await read(docs, retriever, io)
    else await refuseEmptyIndex(retriever)
    const announce = (line: string) => note(io, line)
    const cost = maxCostUsd === undefined ? {} : { maxCostUsd }
    const llm = tracedLlm(await openLlm({ env, tasks: heuristicTasks, announce, ...cost }))
    const embedder = tracedEmbedder(retriever.embedder)
    try {
      await use({ ...retriever, embedder, llm, json, filter: { metadata: filter }, turns: [] })
    } finally {
      tellUsage(llm.meter, io)
    }
  })
}

async function read(docs: string, retriever: Retriever, io: Io): Promise<void> {
  const folder = await listDocuments(docs, io.signal)
  const { skipped } = await ingest(folder, { ...retriever, signal: io.signal, onProgress: () => {} })
  for (const line of skipped) note(io, `left out: ${line}`)
  if (skipped.length === folder.names.length)
    throw new InputError(`${docs} holds nothing that can be read`, 'Name another folder or file.')
}

async function refuseEmptyIndex({ store }: Retriever): Promise<void> {
  const { chunks } = await store.statistics([])
  if (chunks === 0) throw nothingIndexed(store.name)
}

/** Asking makes no index: an empty one would belong to whoever embeds now. */
function nothingIndexed(where: string): InputError {
  return new InputError(
    `Nothing is indexed in ${where}`,
    'Index your docs first: npm run ingest -- docs-sample',
  )
}

async function withRetriever(
  { index, maxCostUsd }: Common,
  io: Io,
  how: { rebuild?: boolean; inMemory?: boolean },
  use: (retriever: Retriever) => Promise<void>,
): Promise<void> {
  const env: Env = loadEnv(io.directory, io.env)
  const cost = maxCostUsd === undefined ? {} : { maxCostUsd }
  const embedder = await openEmbedder({ env, hashed: hashedVector, ...cost })
  const embedding = { model: embedder.modelId, dimensions: embedder.dimensions }
  const { rebuild = false, inMemory = false } = how
  const place = inMemory ? { env: {}, directory: undefined } : { env, directory: index }
  const store = await openStore({ ...place, embedding, rebuild })
  try {
    await use({ store, embedder })
  } finally {
    await store.close()
    // Vectors of the heuristic provider cost nothing: there is nothing to report.
    if (embedder.provider !== 'heuristic') tellUsage(embedder.meter, io)
  }
}

/** Also after a failure or Ctrl-C: what was used was paid for. */
function tellUsage(meter: Meter, io: Io): void {
  if (meter.calls.length > 0) note(io, formatUsage(meter.total()))
}
