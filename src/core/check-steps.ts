/**
 * The npm scripts that a repo's `check` script runs, in order: `npm run a && npm test` is `['a', 'test']`.
 * Throws an Error for any other command.
 */
export function checkSteps(check: string): string[] {
  return check.split('&&').map((command) => {
    const step = /^npm (?:run )?([a-z][\w:-]*)$/.exec(command.trim())?.[1]
    if (!step) throw new Error(`"${command.trim()}" in the check script is not a plain npm script`)
    return step
  })
}
