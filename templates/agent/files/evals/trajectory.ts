import * as z from 'zod'

/** What the graders see of a run: everything that is the same each time. */
export const trajectory = z.object({
  /** Why it stopped. */
  reason: z.string(),
  made: z.array(z.object({ tool: z.string(), input: z.json(), outcome: z.enum(['ok', 'error', 'denied']) })),
  /** Files at the end. */
  tickets: z.int(),
  pages: z.int(),
  answer: z.string(),
})
export type Trajectory = z.infer<typeof trajectory>

/** undefined when the text is not a trajectory. */
export function tryParseTrajectory(text: string): Trajectory | undefined {
  try {
    return trajectory.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
