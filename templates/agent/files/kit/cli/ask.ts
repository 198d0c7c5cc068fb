import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { toJson } from '#kit/console/json'
import { type Io, note } from '#kit/console/process'

export interface TerminalQuestion {
  tool: string
  input: unknown
}

/**
 * Asks on the terminal whether to make a call, one question at a time, with its exact arguments. Anything but
 * "y" or "yes" is no. undefined without a terminal to ask on.
 */
export function askOnTerminal(
  io: Io,
): ((question: TerminalQuestion, signal: AbortSignal) => Promise<boolean>) | undefined {
  if (!(io.stdin.isTTY && io.stderr.isTTY)) return undefined
  let turn: Promise<unknown> = Promise.resolve()
  return ({ tool, input }, signal) => {
    const asked = turn.then(async () => {
      await dropTyped(io.stdin)
      note(io, `\nThe agent wants to call ${tool} with\n${toJson(input, 2)}`)
      return /^y(?:es)?$/i.test(await readLine(io, 'Do it? [y/N] ', signal))
    })
    turn = asked.catch(() => undefined)
    return asked
  }
}

const TYPED_MS = 50

/** Drops what was typed before the question: it can't be an answer to it. */
async function dropTyped(stdin: Io['stdin']): Promise<void> {
  const drop = () => {}
  stdin.on('data', drop)
  await sleep(TYPED_MS)
  stdin.off('data', drop)
  stdin.pause()
}

/** One typed line; empty when Ctrl-D ends the input. Rejects with the signal's reason. */
async function readLine(io: Io, question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr })
  // In readline's mode the terminal sends no SIGINT by itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    return (await Promise.race([lines.question(question, { signal }), ended])).trim()
  } finally {
    lines.close()
  }
}
