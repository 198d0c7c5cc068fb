/**
 * The scripts that a repo's `check` script runs, in order: `npm run a && npm test` is `['a', 'test']`, with any
 * package manager.
 * Throws an Error for any other command.
 */
export function checkSteps(check: string): string[] {
  return check.split('&&').map((command) => {
    const step = /^(?:npm|pnpm|yarn|bun) (?:run )?([a-z][\w:-]*)$/.exec(command.trim())?.[1]
    if (!step) throw new Error(`"${command.trim()}" in the check script is not a plain script`)
    return step
  })
}
