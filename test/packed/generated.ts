import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { inject } from 'vitest'

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A stranger's machine: no key, no setting of ours, git with a name, maybe another Node first on the path. */
export function environment(nodeDirectory?: string): NodeJS.ProcessEnv {
  const { PATH = '', HOME, NODE_EXTRA_CA_CERTS, npm_config_cache } = process.env
  return {
    PATH: nodeDirectory ? `${nodeDirectory}${delimiter}${PATH}` : PATH,
    HOME,
    ...(NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS }),
    ...(npm_config_cache && { npm_config_cache }),
    // One less, the default, leaves one of two cores idle.
    VITEST_MAX_WORKERS: String(availableParallelism()),
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.invalid',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.invalid',
  }
}

export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = environment(),
): Promise<Ended> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Runs a program that has to succeed; a failure shows all that it printed. */
export async function mustRun(
  program: string,
  args: readonly string[],
  cwd: string,
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, cwd, env)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${code}\n${stdout}\n${stderr}`)
  return stdout
}

/** Generates a project into a new directory with the installed tarball. Returns the project's directory. */
export async function generate(
  template: string,
  flags: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  const cwd = mkdtempSync(join(inject('home'), `${template}-`))
  await mustRun('node', [inject('bin'), 'new', template, 'demo', '--yes', ...flags], cwd, env)
  return join(cwd, 'demo')
}
