import { undecidedCalls } from './approval/undecided.ts'
import { currentState, type Run, record } from './run/run.ts'

/**
 * Asks about every pending call that needs it, and writes the decisions down. A call that nobody has decided about stays as it is, and the run waits. Throws the
 * run's reason when it is aborted; how long people take has no limit.
 */
export async function decide(run: Run): Promise<void> {
  const asked = undecidedCalls(currentState(run), run.toolbox).map(async ({ id: call, ...request }) => {
    const verdict = await run.approve(request, run.signal)
    if (verdict === undefined) return
    await record(run, { type: 'decision', call, approval: request.approval, ...verdict })
  })
  await Promise.all(asked)
}
