import { createInterface } from 'node:readline/promises'
import type { Reply } from '../chat.ts'
import { InputError, UsageError } from '../console/errors.ts'
import { toJson } from '../console/json.ts'
import { type Io, note, write } from '../console/process.ts'
import { ConfigError, LlmError } from '../llm/errors.ts'
import { budgetLine, estimateError } from './budget.ts'
import { type CommandContext, runCommand } from './commands.ts'

export interface Display {
  json: boolean
}

/**
 * A conversation on a terminal, or one question for each line of a pipe, until /quit or the end of the input. On a terminal,
 * Ctrl-C stops the answer, at the prompt it leaves, and a failed answer is shown and asked again if you like. From a pipe, the
 * first failure is thrown: nobody is there to see it.
 */
export async function converse(context: CommandContext, io: Io, display: Display): Promise<void> {
  const isTerminal = io.stdin.isTTY === true && io.stderr.isTTY === true
  const screen = isTerminal ? { output: io.stderr, terminal: true, prompt: '> ' } : {}
  const lines = createInterface({ input: io.stdin, ...screen })
  const close = () => lines.close()
  let answering: AbortController | undefined
  let isOpen = true
  lines.on('close', () => {
    isOpen = false
  })
  lines.on('SIGINT', () => (answering ? answering.abort(new Stopped()) : close()))
  io.signal.addEventListener('abort', close, { once: true })
  try {
    if (isTerminal) lines.prompt()
    for await (const line of lines) {
      answering = new AbortController()
      const turn = handle(line.trim(), context, io, display, answering.signal)
      const goOn = await (isTerminal ? turn.catch((error: unknown) => show(error, io)) : turn)
      answering = undefined
      if (!goOn) break
      // Prompting after Ctrl-D would open standard input again and wait for ever.
      if (isTerminal && isOpen) lines.prompt()
    }
  } finally {
    close()
    if (isTerminal) note(io, '')
    io.signal.removeEventListener('abort', close)
  }
  io.signal.throwIfAborted()
}

class Stopped extends Error {
  override readonly message = 'stopped; this turn is not kept'
}

/** Returns false when the conversation is over. */
async function handle(
  line: string,
  context: CommandContext,
  io: Io,
  display: Display,
  signal: AbortSignal,
): Promise<boolean> {
  if (line === '') return true
  if (!line.startsWith('/')) {
    await answerQuestion(line, context, io, display, AbortSignal.any([signal, io.signal]))
    return true
  }
  const output = await runCommand(line, context)
  if (output !== undefined) note(io, output)
  return output !== undefined
}

/** Streams the answer to standard output, then saves the session and says on standard error what the answer rests on. */
export async function answerQuestion(
  question: string,
  context: CommandContext,
  io: Io,
  { json }: Display,
  signal: AbortSignal,
): Promise<Reply> {
  const answer = context.chat.ask(question, signal)
  for (;;) {
    const { done, value } = await answer.next()
    if (!done) {
      if (!json) await write(io.stdout, value)
      continue
    }
    context.lastReply = value
    await context.session.save()
    await write(io.stdout, json ? `${toJson(replyReport(value, context))}\n` : '\n')
    for (const line of describe(value)) note(io, line)
    return value
  }
}

function describe({ notes, unknown, budget, countedTokens }: Reply): string[] {
  return [
    `notes: ${notes.join(', ') || 'none has a word of this'}`,
    unknown.length > 0 ? `warning: names notes that it was not shown: ${unknown.join(', ')}` : [],
    budgetLine(budget),
    countedTokens === undefined ? [] : estimateError(budget, countedTokens),
  ].flat()
}

function replyReport(reply: Reply, { chat: { llm } }: CommandContext) {
  const { provider, modelId: model, meter } = llm
  return { schema: 'chat-answer.v1', provider, model, ...reply, usage: meter.total() }
}

/** For a person at a terminal; what nobody foresaw still ends the program. */
function show(error: unknown, io: Io): boolean {
  const isForeseen = [LlmError, InputError, UsageError, ConfigError, Stopped].some(
    (kind) => error instanceof kind,
  )
  if (io.signal.aborted || !isForeseen || !(error instanceof Error)) throw error
  const hint = 'hint' in error ? `\n${error.hint}` : ''
  // What was asked for may have stopped in the middle of a line.
  const start = error instanceof UsageError ? '' : '\n'
  note(io, `${start}${error.message}${hint}`)
  return true
}
