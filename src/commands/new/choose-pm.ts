import { checkManagerName, type PackageManager, pinManager, readUserAgent } from '../../core/pm/name.ts'
import { readOutput } from '../../io/machine.ts'
import type { World } from '../world.ts'

/**
 * The package manager that `--pm` names, else the one that started this run, with its version. Throws a
 * UsageError for an unknown name and for a version that is too old.
 */
export async function chooseManager(
  named: string | undefined,
  { env, directory, signal }: World,
): Promise<PackageManager> {
  const running = readUserAgent(env['npm_config_user_agent'])
  const name = named === undefined ? running.name : checkManagerName(named)
  if (name === 'npm' || name === running.name) return pinManager(name, running.version)
  return pinManager(name, await readOutput(name, ['--version'], { env, directory, signal }))
}
