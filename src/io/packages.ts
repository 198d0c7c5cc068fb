import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MANAGER_NAMES, type ManagerName, NPM, type PackageManager } from '../core/pm/name.ts'
import { findWords, NPM_WORDS, needsConversion } from '../core/pm/words.ts'
import { convertToYarnLock } from '../core/pm/yarn-lock.ts'
import { type ProgramOptions, type ProgramResult, runProgram } from './run-program.ts'

const INSTALL_LIMIT_MS = 15 * 60_000
/** An import only resolves what is already decided; a registry that cannot be reached must not hold `new` up. */
const IMPORT_LIMIT_MS = 2 * 60_000

/**
 * Runs the manager's command that installs exactly what the lock file lists. Finds the manager on the PATH, as the user's shell does, so that
 * a Node version manager's npm is used. Rejects only when cancelled.
 */
export function installPackages(
  command: string,
  options: ProgramOptions,
  env: NodeJS.ProcessEnv,
): Promise<ProgramResult> {
  const seconds = Number(env['AI_ENG_STARTER_INSTALL_SECONDS'])
  const timeout = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : INSTALL_LIMIT_MS
  const [program = '', ...args] = command.split(' ')
  const quiet = program === NPM.name ? ['--no-audit', '--no-fund'] : []
  return runProgram(program, [...args, ...quiet], { ...options, timeout })
}

export function runScript(
  manager: PackageManager,
  script: string,
  options: ProgramOptions,
): Promise<ProgramResult> {
  return runProgram(manager.name, ['run', script], options)
}

/** Whether the project still has npm's lock file although another manager is its own. */
export function needsImport(directory: string, manager: PackageManager): boolean {
  return manager.name !== NPM.name && existsSync(join(directory, NPM_WORDS.lock))
}

/**
 * Creates the manager's lock file from npm's, with the same versions, and removes npm's. A failure is a
 * result, and leaves npm's lock file alone. Rejects only when cancelled.
 */
export async function importLock(manager: PackageManager, options: ProgramOptions): Promise<ProgramResult> {
  const words = findWords(manager)
  const [npms, own] = [NPM_WORDS.lock, words.lock].map((name) => join(options.directory, name)) as [
    string,
    string,
  ]
  if (needsConversion(manager)) writeFileSync(own, convertToYarnLock(readFileSync(npms, 'utf8')))
  const [program = '', ...args] = words.importLock.split(' ')
  try {
    const result = await runProgram(program, args, { ...options, timeout: IMPORT_LIMIT_MS })
    if (!result.ok) return result
    if (!existsSync(own)) return { ...result, ok: false, reason: `wrote no ${words.lock}` }
    rmSync(npms)
    return result
  } finally {
    // Half a lock file is worse than none.
    if (existsSync(npms)) rmSync(own, { force: true })
  }
}

/** Whether an install ran to its end. */
export function isInstalled(directory: string, manager: PackageManager): boolean {
  return existsSync(join(directory, findWords(manager).installed))
}

/** The manager whose lock file a directory has; npm when it has none. */
export function detectManager(directory: string): ManagerName {
  return MANAGER_NAMES.find((name) => LOCKS[name].some((lock) => existsSync(join(directory, lock)))) ?? 'npm'
}

const LOCKS: Record<ManagerName, readonly string[]> = {
  npm: ['package-lock.json'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  bun: ['bun.lock', 'bun.lockb'],
}
