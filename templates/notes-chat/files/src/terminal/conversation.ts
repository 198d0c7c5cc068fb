import { toJson } from '#kit/console/json'
import { type Io, note, write } from '#kit/console/process'
import type { Reply } from '../chat.ts'
import { budgetLine, estimateError } from './budget.ts'
import { type CommandContext, runCommand } from './commands.ts'

export interface Display {
  json: boolean
}

/** Does what a line asks for; false: the conversation is over. */
export async function handleLine(
  line: string,
  context: CommandContext,
  io: Io,
  display: Display,
  signal: AbortSignal,
): Promise<boolean> {
  if (!line.startsWith('/')) {
    await answerQuestion(line, context, io, display, signal)
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
