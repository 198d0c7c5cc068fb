import { listUndecidedCalls } from './approval/undecided.ts'
import { type Run, readState, record } from './run/run.ts'

/**
 * Asks about every pending call that needs approval and writes the decisions to the log. A call without a
 * decision stays pending, and the run waits. A person may take any amount of time. Throws the run's abort
 * reason.
 */
export async function decide(run: Run): Promise<void> {
  const asked = listUndecidedCalls(readState(run), run.toolbox).map(async ({ id: call, ...request }) => {
    const verdict = await run.approve(request, run.signal)
    if (verdict === undefined) return
    await record(run, { type: 'decision', call, approval: request.approval, ...verdict })
  })
  await Promise.all(asked)
}
