import { Models } from '#kit/chat/models'
import { HELP, parseChatOptions } from '#kit/chat/options'
import { openSessionFor } from '#kit/chat/session'
import { runTerminal } from '#kit/chat/terminal'
import { type Io, note, write } from '#kit/console/process'
import { readNotes } from '#kit/notes/folder'
import { BUDGET_PARTS } from './budget.ts'
import { ask, type Chat } from './chat.ts'
import { conversationSchema, startConversation, toExchange } from './conversation.ts'
import { heuristicTasks } from './offline.ts'
import { NotesIndex } from './search.ts'

/**
 * Runs the command. Standard output gets answers and nothing else. Throws; `runMain` turns an error into an
 * exit code.
 */
export async function run(args: readonly string[], io: Io): Promise<void> {
  const options = parseChatOptions(args)
  if (options.help) return write(io.stdout, HELP)
  const notify = (line: string) => note(io, line)
  const { notes, skipped, unread } = await readNotes(options.notes, io.signal)
  for (const line of skipped) notify(`left out: ${line}`)
  if (unread !== undefined) notify(unread)

  const { maxCostUsd, tools } = options
  const models = new Models({ ...io, maxCostUsd, tasks: heuristicTasks, announce: notify })
  const format = { schema: conversationSchema, start: startConversation }
  const session = await openSessionFor(options, io.directory, format)
  const { conversation } = session
  try {
    const chat: Chat = { llm: await models.open(), notes: new NotesIndex(notes), conversation, tools, notify }
    const shown = {
      ask: (question: string, signal: AbortSignal) => ask(chat, question, signal),
      get llm() {
        return chat.llm
      },
      changeModel: async (modelId: string) => {
        chat.llm = await models.open(modelId)
      },
      listTurns: () =>
        conversation.turns.map((turn, index) => ({
          ...toExchange(turn),
          isFolded: index < conversation.folded,
        })),
      noteNames: notes.map(({ name }) => name),
      ...{ budgetParts: BUDGET_PARTS, conversation, session },
    }
    await runTerminal(shown, options, io)
  } finally {
    // After a failure or Ctrl-C too: the tokens were paid for.
    for (const line of models.formatUsage()) notify(line)
    await session.close()
  }
}
