import { type ProgramOptions, type ProgramResult, runProgram } from './run-program.ts'

const INSTALL_LIMIT_MS = 15 * 60_000

/**
 * Installs exactly what the lock file lists. Finds npm on the PATH, as the user's shell does, so that a Node
 * version manager's npm is used. Rejects only when cancelled.
 */
export function installPackages(options: ProgramOptions, env: NodeJS.ProcessEnv): Promise<ProgramResult> {
  const seconds = Number(env['AI_ENG_STARTER_INSTALL_SECONDS'])
  const timeout = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : INSTALL_LIMIT_MS
  return runProgram('npm', ['ci', '--no-audit', '--no-fund'], { ...options, timeout })
}

export function runScript(script: string, options: ProgramOptions): Promise<ProgramResult> {
  return runProgram('npm', ['run', script], options)
}
