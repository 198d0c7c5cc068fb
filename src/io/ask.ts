interface Choice {
  value: string
  label: string
  hint?: string
}

/** The answer of a user who pressed Esc: ask the question before this one again. */
export const BACK = Symbol('back')
export type Back = typeof BACK

/** How a command asks; tests pass their own. Rejects with `Cancelled` when the user or a signal stops the run. */
export interface Ask {
  choose(message: string, choices: readonly Choice[], initial?: string): Promise<string | Back>
  line(
    message: string,
    initial: string,
    problemWith: (text: string) => string | undefined,
  ): Promise<string | Back>
}
