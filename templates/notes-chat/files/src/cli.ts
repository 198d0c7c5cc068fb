import { type Io, note, write } from '#kit/console/process'
import { converse } from '#kit/console/repl'
import { Models } from './ask/models.ts'
import { Chat } from './chat.ts'
import { readNotes } from './notes/folder.ts'
import { NotesIndex } from './notes/search.ts'
import { HELP, type Options, parseOptions } from './options.ts'
import { newSessionName, openSession, type Session, unsavedSession } from './session.ts'
import type { CommandContext } from './terminal/commands.ts'
import { answerQuestion, handleLine } from './terminal/conversation.ts'

/** Runs the command. Standard output carries answers and nothing else. Throws; `runMain` turns that into an exit code. */
export async function run(args: readonly string[], io: Io): Promise<void> {
  const options = parseOptions(args)
  if (options.help) return write(io.stdout, HELP)
  const { notes, skipped } = await readNotes(options.notes, io.signal)
  for (const line of skipped) note(io, `left out: ${line}`)
  const session = await openSessionFor(options, io)
  try {
    await chatAbout(new NotesIndex(notes), session, options, io)
  } finally {
    await session.close()
  }
}

async function chatAbout(notes: NotesIndex, session: Session, options: Options, io: Io): Promise<void> {
  const models = new Models({ ...io, maxCostUsd: options.maxCostUsd, announce: (line) => note(io, line) })
  const chat = new Chat({
    ...{ llm: await models.open(), notes, conversation: session.conversation, tools: options.tools },
    notify: (line) => note(io, line),
  })
  const changeModel = async (modelId: string) => {
    chat.llm = await models.open(modelId)
  }
  const noteNames = notes.notes.map(({ name }) => name)
  const context: CommandContext = { chat, session, lastReply: undefined, noteNames, changeModel }
  try {
    if (options.ask !== undefined) await answerQuestion(options.ask, context, io, options, io.signal)
    else await talk(context, options, io)
  } finally {
    // Also after a failure or Ctrl-C: what was used was paid for.
    for (const line of models.usage()) note(io, line)
  }
}

async function talk(context: CommandContext, options: Options, io: Io): Promise<void> {
  const { conversation, name } = context.session
  const resumed = conversation.turns.length > 0 ? `, resumed with ${conversation.turns.length} turns` : ''
  note(io, `${context.noteNames.length} notes, session ${name}${resumed}. /help lists the commands.`)
  try {
    await converse(io, (line, signal) => handleLine(line, context, io, options, signal))
  } finally {
    if (conversation.turns.length > 0)
      note(io, `resume with: npm start -- ${options.notes} --session ${name}`)
  }
}

async function openSessionFor({ ask, session }: Options, io: Io): Promise<Session> {
  if (session !== undefined) return openSession(io.directory, session)
  return ask === undefined ? openSession(io.directory, newSessionName(new Date())) : unsavedSession()
}
