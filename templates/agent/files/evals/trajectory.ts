import * as z from 'zod'

/** What the graders look at: a run without what may differ from one to the next. */
export const isTrajectory = z.object({
  /** Why it stopped. */
  reason: z.string(),
  made: z.array(z.object({ tool: z.string(), input: z.json(), outcome: z.enum(['ok', 'error', 'denied']) })),
  /** How many files there are at the end. */
  tickets: z.int(),
  pages: z.int(),
  answer: z.string(),
})
export type Trajectory = z.infer<typeof isTrajectory>

/** Undefined when it is none. */
export function trajectoryIn(text: string): Trajectory | undefined {
  try {
    return isTrajectory.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
