import * as z from 'zod'

/** The part of an answer that graders see, without anything that differs from run to run. */
const output = z.object({
  text: z.string(),
  refused: z.boolean(),
  /** Documents that the answer rests on. */
  cited: z.array(z.string()),
  /** One line for each claim without a source that says it. */
  problems: z.array(z.string()),
})
export type Output = z.infer<typeof output>

/** Parses an output; undefined when it is not one, which graders report as "no answer". */
export function parseOutput(text: string): Output | undefined {
  try {
    return output.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
