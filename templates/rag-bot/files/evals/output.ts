import * as z from 'zod'

/** What the graders look at: an answer without what may differ from run to run. */
const output = z.object({
  text: z.string(),
  refused: z.boolean(),
  /** Documents that the answer rests on. */
  cited: z.array(z.string()),
  /** One line for each claim without a source that says it. */
  problems: z.array(z.string()),
})
export type Output = z.infer<typeof output>

/** Undefined when it is none: the graders say that there is no answer. */
export function parseOutput(text: string): Output | undefined {
  try {
    return output.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
