import { UsageError } from '#kit/console/errors'
import type { Chat, Reply } from '../chat.ts'
import { spoken } from '../memory.ts'
import type { Session } from '../session.ts'
import { budgetTable, estimateError } from './budget.ts'

/** What the commands work on. */
export interface CommandContext {
  chat: Chat
  session: Session
  lastReply: Reply | undefined
  noteNames: readonly string[]
  /** Continues with another model of the same provider. */
  changeModel(modelId: string): Promise<void>
}

interface Command {
  help: string
  /** What to print; undefined ends the conversation. */
  run(context: CommandContext, argument: string): string | undefined | Promise<string>
}

const COMMANDS: Record<string, Command> = {
  '/budget': { help: 'where the tokens of the last call went', run: showBudget },
  '/history': { help: 'the turns so far, and which of them are only a memory by now', run: showHistory },
  '/notes': { help: 'the notes that were read', run: ({ noteNames }) => noteNames.join('\n') },
  '/model': { help: '[ID] who answers; with an ID, continue with that model', run: showOrChangeModel },
  '/save': { help: '[NAME] save now (it is saved after each turn anyway), or save a copy', run: save },
  '/quit': { help: 'leave; so do Ctrl-C and Ctrl-D', run: () => undefined },
}

/** Runs a line that starts with a slash. Returns what to print; undefined ends the conversation. Throws `UsageError`. */
export async function runCommand(line: string, context: CommandContext): Promise<string | undefined> {
  const [name = '', ...words] = line.trim().split(/\s+/)
  if (name === '/help') return helpText()
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new UsageError(`There is no command ${name}`, '/help lists them.')
  return command.run(context, words.join(' '))
}

function helpText(): string {
  return Object.entries(COMMANDS)
    .map(([name, { help }]) => `${name.padEnd(9)} ${help}`)
    .join('\n')
}

function showBudget({ lastReply }: CommandContext): string {
  if (lastReply === undefined) return 'Nothing was sent yet.'
  const { budget, countedTokens } = lastReply
  const error = countedTokens === undefined ? [] : estimateError(budget, countedTokens)
  return [budgetTable(budget), error].flat().join('\n')
}

function showHistory({ chat: { conversation } }: CommandContext): string {
  if (conversation.turns.length === 0) return 'No turns yet.'
  const lines = conversation.turns.map((turn, index) => {
    const { question, answer } = spoken(turn)
    const mark = index < conversation.folded ? ' (now in the memory)' : ''
    return `${index + 1}.${mark} ${firstLine(question)}\n   ${firstLine(answer)}`
  })
  const memory = conversation.memory === '' ? [] : ['', 'Memory:', conversation.memory]
  return [...lines, ...memory].join('\n')
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

async function showOrChangeModel(context: CommandContext, modelId: string): Promise<string> {
  if (modelId !== '') await context.changeModel(modelId)
  const { provider, modelId: id, contextWindow } = context.chat.llm
  return `${provider}, ${id}, context window ${contextWindow.toLocaleString('en-US')} tokens`
}

async function save({ session }: CommandContext, name: string): Promise<string> {
  await (name === '' ? session.save() : session.saveCopy(name))
  return `saved as ${name || session.name}`
}
