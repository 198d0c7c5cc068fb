import { UsageError } from '#kit/console/errors'
import { COMMON_OPTIONS, parseArguments, parseDollars } from '#kit/console/options'

export interface Options {
  /** A folder of notes, or one note. */
  notes: string
  /** One question instead of a conversation. */
  ask: string | undefined
  session: string | undefined
  tools: boolean
  json: boolean
  maxCostUsd: number | undefined
  help: boolean
}

export const HELP = `Usage: npm start -- [options] NOTES
       some-command | npm start --silent -- [options] NOTES

NOTES is a folder of .md and .txt files, or one file. Without --ask you get a conversation; from a pipe, each line is a question.

  --ask "..."       answer one question; save nothing unless --session is given
  --session NAME    begin or resume a conversation, saved in .sessions/NAME.json
  --tools           let the model read whole notes (it must support tool calls)
  --json            print each answer as one JSON document instead of streaming text
  --max-cost USD    refuse a call that could exceed this total
  --help            print this text

In the conversation, /help lists the commands. Ctrl-C stops an answer; at the prompt, it leaves.
Answers go to standard output; budget, tokens, cost and timing go to standard error.
Exit codes: 0 done, 1 failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`

const OPTIONS = {
  ...COMMON_OPTIONS,
  ask: { type: 'string' },
  session: { type: 'string' },
  tools: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/** Parses the arguments after the script's name. Throws `UsageError`. */
export function parseChatOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const { ask, session, tools, json, help } = values
  const [notes = '', ...others] = positionals
  if (!help && notes === '') throw new UsageError('Name the folder of your notes, for example notes-sample')
  if (others.length > 0) throw new UsageError(`Only one folder at a time; also found "${others[0]}"`)
  if (ask?.trim() === '') throw new UsageError('--ask needs a question')
  const maxCostUsd = parseDollars('--max-cost', values['max-cost'])
  return { notes, ask, session, tools, json, maxCostUsd, help }
}
