import { UsageError } from '../errors.ts'
import { escapeInvisible, findNearest } from '../text.ts'

export const MANAGER_NAMES = ['npm', 'pnpm', 'yarn', 'bun'] as const
export type ManagerName = (typeof MANAGER_NAMES)[number]

/** The package manager of a project. npm comes with Node, so its version is not pinned and is empty here. */
export interface PackageManager {
  name: ManagerName
  version: string
}

export const NPM: PackageManager = { name: 'npm', version: '' }

/** The version that a project pins when its manager is not installed here: the one that we tried last. */
const TRIED: Record<ManagerName, string> = { npm: '', pnpm: '12.4.2', yarn: '4.18.1', bun: '1.4.5' }

/** Oldest major and minor version that reads the settings we write. */
const OLDEST: Partial<Record<ManagerName, readonly [major: number, minor: number]>> = {
  pnpm: [10, 5],
  bun: [1, 2],
}

const VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

/**
 * The manager that started this process, from `npm_config_user_agent`, such as `pnpm/12.4.2 npm/? node/v24`.
 * npm when there was none, or one that we do not know.
 */
export function readUserAgent(agent = ''): PackageManager {
  const [name = '', version = ''] = agent.split(' ')[0]?.split('/') ?? []
  return isManagerName(name) && name !== 'npm' && VERSION.test(version) ? { name, version } : NPM
}

/** Returns the name that `--pm` gave. Throws a UsageError for any other. */
export function checkManagerName(name: string): ManagerName {
  if (isManagerName(name)) return name
  const guess = findNearest(name, MANAGER_NAMES)
  const known = `Known: ${MANAGER_NAMES.join(', ')}`
  throw new UsageError(
    `Unknown value for --pm "${escapeInvisible(name.slice(0, 80))}"`,
    guess ? `Did you mean ${guess}? ${known}` : known,
  )
}

/**
 * A manager of this name, with the version that is installed, as its `--version` prints it, or the one that
 * we tried when it is not installed. Throws a UsageError for a version that is too old.
 */
export function pinManager(name: ManagerName, installed: string | undefined): PackageManager {
  if (name === 'npm') return NPM
  const version = installed !== undefined && VERSION.test(installed) ? installed : TRIED[name]
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [least, leastMinor] = OLDEST[name] ?? [0, 0]
  if (major > least || (major === least && minor >= leastMinor)) return { name, version }
  throw new UsageError(
    `${name} ${version} is too old: it does not read the settings of the new repo`,
    `Install ${name} ${least}.${leastMinor} or newer: npm install --global ${name}@${TRIED[name]}`,
  )
}

/** As package.json and `.ai-eng/project.json` name it: `pnpm@12.4.2`, or `npm`. */
export function formatManager({ name, version }: PackageManager): string {
  return version === '' ? name : `${name}@${version}`
}

/** Reads what `formatManager` wrote; npm for anything else, such as the file of an older version. */
export function parseManager(text = ''): PackageManager {
  const [name = '', version = ''] = text.split('@')
  return isManagerName(name) && VERSION.test(version) ? { name, version } : NPM
}

function isManagerName(name: string): name is ManagerName {
  return (MANAGER_NAMES as readonly string[]).includes(name)
}
