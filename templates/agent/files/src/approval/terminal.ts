import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { toJson } from '#kit/console/json'
import { type Io, note } from '#kit/console/process'
import { type Approve, denyAll, type Verdict } from './approve.ts'

/** Asks on the terminal, one question at a time, with the exact arguments. Without a terminal the answer is no. Anything but "y" is no. */
export function askOnTerminal(io: Io): Approve {
  if (!(io.stdin.isTTY && io.stderr.isTTY)) return denyAll
  let turn: Promise<unknown> = Promise.resolve()
  return (request, signal) => {
    const asked = turn.then(async (): Promise<Verdict> => {
      await forgetTyped(io.stdin)
      note(io, `\nThe agent wants to call ${request.tool} with\n${toJson(request.input, 2)}`)
      const isYes = /^y(?:es)?$/i.test(await lineFrom(io, 'Do it? [y/N] ', signal))
      return { decision: isYes ? 'approved' : 'denied', by: 'terminal' }
    })
    turn = asked.catch(() => undefined)
    return asked
  }
}

const TYPED_MS = 50

/** What was typed before the question was there is no answer to it. */
async function forgetTyped(stdin: Io['stdin']): Promise<void> {
  const drop = () => {}
  stdin.on('data', drop)
  await sleep(TYPED_MS)
  stdin.off('data', drop)
  stdin.pause()
}

/** What is typed; nothing, when Ctrl-D ends the input. Rejects with the signal's reason. */
async function lineFrom(io: Io, question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr })
  // A terminal that is read line by line keeps Ctrl-C to itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    return (await Promise.race([lines.question(question, { signal }), ended])).trim()
  } finally {
    lines.close()
  }
}
