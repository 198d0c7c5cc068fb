import { toJson } from '#kit/console/json'
import { type Io, note, write } from '#kit/console/process'
import { runConversation } from '#kit/console/repl'
import { formatBudgetLine, formatEstimateError } from './budget.ts'
import { type CommandContext, runCommand, type ShownChat, type ShownReply } from './commands.ts'
import type { Options } from './options.ts'

/**
 * Answers the one question of `--ask`, or line after line until the user leaves. Throws what `ask` throws.
 */
export async function runTerminal(chat: ShownChat, options: Options, io: Io): Promise<void> {
  const context: CommandContext = { chat, lastReply: undefined }
  if (options.ask !== undefined) return answerQuestion(options.ask, context, io, options, io.signal)
  const { name } = chat.session
  const resumed = chat.listTurns().length > 0 ? `, resumed with ${chat.listTurns().length} turns` : ''
  note(io, `${chat.noteNames.length} notes, session ${name}${resumed}. /help lists the commands.`)
  try {
    await runConversation(io, (line, signal) => handleLine(line, context, io, options, signal))
  } finally {
    if (chat.listTurns().length > 0) note(io, `resume with: npm start -- ${options.notes} --session ${name}`)
  }
}

/** Answers a question or runs a command. Returns false when the conversation is over. */
async function handleLine(
  line: string,
  context: CommandContext,
  io: Io,
  options: Options,
  signal: AbortSignal,
): Promise<boolean> {
  if (!line.startsWith('/')) {
    await answerQuestion(line, context, io, options, signal)
    return true
  }
  const output = await runCommand(line, context)
  if (output !== undefined) note(io, output)
  return output !== undefined
}

/**
 * Streams the answer to standard output, saves the session, then prints on standard error what the answer
 * rests on.
 */
async function answerQuestion(
  question: string,
  context: CommandContext,
  io: Io,
  { json }: Options,
  signal: AbortSignal,
): Promise<void> {
  const { chat } = context
  const answer = chat.ask(question, signal)
  for (;;) {
    const { done, value } = await answer.next()
    if (!done) {
      if (!json) await write(io.stdout, value)
      continue
    }
    context.lastReply = value
    await chat.session.save()
    await write(io.stdout, json ? `${toJson(createReport(value, chat))}\n` : '\n')
    for (const line of describeReply(value)) note(io, line)
    return
  }
}

function describeReply({ notes, unknown, budget, countedTokens }: ShownReply): string[] {
  return [
    `notes: ${notes.join(', ') || 'none shares a word with this'}`,
    unknown.length > 0 ? `warning: the answer names notes that were not sent: ${unknown.join(', ')}` : [],
    formatBudgetLine(budget),
    countedTokens === undefined ? [] : formatEstimateError(budget, countedTokens),
  ].flat()
}

function createReport(reply: ShownReply, { llm: { provider, modelId: model, meter } }: ShownChat) {
  return { schema: 'chat-answer.v1', provider, model, ...reply, usage: meter.total() }
}
