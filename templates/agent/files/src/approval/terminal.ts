import { createInterface } from 'node:readline/promises'
import { toJson } from '../console/json.ts'
import { type Io, note } from '../console/process.ts'
import { type Approve, denyAll } from './approve.ts'

/** Asks on the terminal, one question at a time, with the exact arguments. Without a terminal the answer is no. Anything but "y" is no. */
export function askOnTerminal(io: Io): Approve {
  if (!(io.stdin.isTTY && io.stderr.isTTY)) return denyAll
  let turn: Promise<unknown> = Promise.resolve()
  return (request, signal) => {
    const asked = turn.then(async () => {
      note(io, `\nThe agent wants to call ${request.tool} with\n${toJson(request.input, 2)}`)
      const lines = createInterface({ input: io.stdin, output: io.stderr })
      try {
        const answer = await lines.question('Do it? [y/N] ', { signal })
        const isYes = /^y(?:es)?$/i.test(answer.trim())
        return { decision: isYes ? 'approved' : 'denied', by: 'terminal' } as const
      } finally {
        lines.close()
      }
    })
    turn = asked.catch(() => undefined)
    return asked
  }
}
