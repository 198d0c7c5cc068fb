import { UsageError } from '#kit/console/errors'
import type { Llm } from '#kit/llm/model'
import { formatBudgetTable, formatEstimateError, type TokenBudget } from './budget.ts'
import type { Session } from './session.ts'

/** What the terminal prints of an answer; as JSON it prints the whole object. */
export interface ShownReply {
  notes: readonly string[]
  /** Notes that the answer names and that the model was not sent. */
  unknown: readonly string[]
  budget: TokenBudget
  /** Input tokens as the provider counted them. */
  countedTokens: number | undefined
}

/** The chat as the terminal uses it. */
export interface ShownChat {
  ask(question: string, signal: AbortSignal): AsyncGenerator<string, ShownReply>
  /** The model that answers now. */
  readonly llm: Llm
  /** Continues with another model of the same provider. */
  changeModel(modelId: string): Promise<void>
  readonly noteNames: readonly string[]
  /** What each part of a budget is for, in the order of `/budget`. */
  readonly budgetParts: Readonly<Record<string, string>>
  /** Oldest first. */
  listTurns(): { question: string; answer: string; isFolded: boolean }[]
  readonly conversation: { memory: string }
  readonly session: Session
}

export interface CommandContext {
  chat: ShownChat
  lastReply: ShownReply | undefined
}

interface Command {
  help: string
  /** What to print; undefined ends the conversation. */
  run(context: CommandContext, argument: string): string | undefined | Promise<string>
}

const COMMANDS: Record<string, Command> = {
  '/budget': { help: 'show where the tokens of the last call went', run: showBudget },
  '/history': { help: 'list the turns so far, and which of them only the memory holds', run: showHistory },
  '/notes': { help: 'list the notes that were read', run: ({ chat }) => chat.noteNames.join('\n') },
  '/model': {
    help: '[ID] show the model that answers; with an ID, continue with that model',
    run: showModel,
  },
  '/save': {
    help: '[NAME] save now (each turn is saved anyway), or save a copy under another name',
    run: save,
  },
  '/quit': { help: 'leave; so do Ctrl-C and Ctrl-D', run: () => undefined },
}

/**
 * Runs a line that starts with a slash. Returns what to print; undefined ends the conversation. Throws
 * `UsageError`.
 */
export async function runCommand(line: string, context: CommandContext): Promise<string | undefined> {
  const [name = '', ...words] = line.trim().split(/\s+/)
  if (name === '/help') return formatHelp()
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new UsageError(`There is no command ${name}`, '/help lists them.')
  return command.run(context, words.join(' '))
}

function formatHelp(): string {
  return Object.entries(COMMANDS)
    .map(([name, { help }]) => `${name.padEnd(9)} ${help}`)
    .join('\n')
}

function showBudget({ chat, lastReply }: CommandContext): string {
  if (lastReply === undefined) return 'Nothing was sent yet.'
  const { budget, countedTokens } = lastReply
  const error = countedTokens === undefined ? [] : formatEstimateError(budget, countedTokens)
  return [formatBudgetTable(budget, chat.budgetParts), error].flat().join('\n')
}

function showHistory({ chat }: CommandContext): string {
  const { memory } = chat.conversation
  const lines = chat.listTurns().map(({ question, answer, isFolded }, index) => {
    const mark = isFolded ? ' (now in the memory)' : ''
    return `${index + 1}.${mark} ${cutLine(question)}\n   ${cutLine(answer)}`
  })
  if (lines.length === 0) return 'No turns yet.'
  return [...lines, ...(memory === '' ? [] : ['', 'Memory:', memory])].join('\n')
}

function cutLine(text: string): string {
  const [line = ''] = text.trim().split('\n')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

async function showModel({ chat }: CommandContext, modelId: string): Promise<string> {
  if (modelId !== '') await chat.changeModel(modelId)
  const { provider, modelId: id, contextWindow } = chat.llm
  return `${provider}, ${id}, context window ${contextWindow.toLocaleString('en-US')} tokens`
}

async function save({ chat: { session } }: CommandContext, name: string): Promise<string> {
  await (name === '' ? session.save() : session.saveCopy(name))
  return `saved as ${name || session.name}`
}
