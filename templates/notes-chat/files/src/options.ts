import { parseArgs } from 'node:util'
import { UsageError } from './console/errors.ts'

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

NOTES is a folder of .md and .txt files, or one file. Without --ask you get a conversation; from a pipe, every line is a question.

  --ask "..."       one question; nothing is saved, unless --session names where
  --session NAME    begin or resume a conversation (.sessions/NAME.json)
  --tools           let the model read whole notes itself (it must be able to call tools)
  --json            one JSON document for each answer instead of streamed text
  --max-cost USD    refuse the call that could pass this total
  --help            this text

In the conversation, /help lists the commands. Ctrl-C stops an answer; at the prompt, it leaves.
Answers go to standard output; budget, tokens, cost and timing go to standard error.
Exit codes: 0 done, 1 failed, 2 usage or bad input, 130 stopped with Ctrl-C.
`

/** Parses the arguments after the script's name. Throws `UsageError`. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  const [notes = '', ...others] = positionals
  const help = values.help ?? false
  if (!help && notes === '') throw new UsageError('Name the folder of your notes, for example notes-sample')
  if (others.length > 0) throw new UsageError(`Only one folder at a time; also found "${others[0]}"`)
  if (values.ask?.trim() === '') throw new UsageError('--ask needs a question')
  return {
    notes,
    help,
    ask: values.ask,
    session: values.session,
    tools: values.tools ?? false,
    json: values.json ?? false,
    maxCostUsd: values['max-cost'] === undefined ? undefined : dollars(values['max-cost']),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ask: { type: 'string' },
        session: { type: 'string' },
        tools: { type: 'boolean' },
        json: { type: 'boolean' },
        'max-cost': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function dollars(value: string): number {
  const amount = Number(value)
  if (!/^\d*\.?\d+$/.test(value) || amount <= 0)
    throw new UsageError(`--max-cost must be US dollars above 0, such as 0.05; found "${value}"`)
  return amount
}
