interface NpmLock {
  packages: Record<string, LockedPackage>
}

interface LockedPackage {
  /** Set when another package stands in for the one of the folder's name. */
  name?: string
  version?: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/**
 * A yarn.lock that resolves every range in npm's lock file to the version there; Yarn, which cannot read
 * npm's, fetches the rest of each entry with `--refresh-lockfile`. Where npm has several versions for one
 * range, which Yarn never has, the one nearest to the root counts.
 */
export function convertToYarnLock(text: string): string {
  const { packages } = JSON.parse(text) as NpmLock
  const byVersion = new Map<string, Set<string>>()
  const known = new Set<string>()
  for (const path of Object.keys(packages).sort((a, b) => measureDepth(a) - measureDepth(b)))
    for (const [name, range] of listRanges(packages[path])) {
      const found = findInstalled(packages, path, name)
      const key = `${name}@npm:${range}`
      // A stand-in is named by package.json's `resolutions`, with a range of its own.
      if (!found?.version || found.name !== undefined || known.has(key) || range.includes(':')) continue
      known.add(key)
      const resolution = `${name}@npm:${found.version}`
      byVersion.set(resolution, (byVersion.get(resolution) ?? new Set()).add(key))
    }
  const entries = [...byVersion].map(([resolution, keys]) => formatEntry(resolution, [...keys]))
  return `__metadata:\n  version: 10\n\n${entries.sort().join('\n')}`
}

function listRanges({ dependencies, devDependencies, optionalDependencies }: LockedPackage = {}) {
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
}

/** The package that Node finds from a folder: in its own node_modules, or in one further up. */
function findInstalled(packages: NpmLock['packages'], from: string, name: string): LockedPackage | undefined {
  for (let path = from; ; path = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))) {
    const found = packages[path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`]
    if (found || path === '') return found
  }
}

function measureDepth(path: string): number {
  return path.split('node_modules/').length
}

function formatEntry(resolution: string, keys: string[]): string {
  const version = resolution.slice(resolution.lastIndexOf(':') + 1)
  return [
    `${JSON.stringify(keys.sort().join(', '))}:`,
    `  version: ${version}`,
    `  resolution: ${JSON.stringify(resolution)}`,
    '  languageName: node',
    '  linkType: hard',
    '',
  ].join('\n')
}
