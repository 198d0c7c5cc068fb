import { type ManagerName, NPM, type PackageManager } from './name.ts'

/** What each package manager calls the commands and files of npm that templates name. */
export interface ManagerWords {
  install: string
  /** Installs exactly what the lock file lists. */
  ci: string
  ciWithoutScripts: string
  /** The option under which a folder inside a workspace installs as a project by itself; empty where there is none. */
  ciAlone: string
  /** Removes the packages that only development needs. */
  prune: string
  run: string
  runSilently: string
  /** Whether `--` separates the arguments of a script. */
  separates: boolean
  /** Runs a program of an installed package. */
  exec: string
  /** Runs a package that is not installed. */
  download: string
  lock: string
  /** Files with settings that an install reads, next to package.json and the lock file. */
  settings: readonly string[]
  /** Creates the lock file, from npm's where the manager can read that; empty for npm. */
  importLock: string
  /** The package that `npm install --global` installs it from; empty for npm. */
  globalPackage: string
  /** A file that an install writes last. */
  installed: string
  /** Its name in dependabot.yml. */
  ecosystem: string
  /** Lines of an install's output that say why it failed. */
  failure: RegExp
}

/** Yarn 2 and later share nothing with Yarn 1 but the name. */
type Dialect = ManagerName | 'yarn-classic'

const WORDS: Record<Dialect, ManagerWords> = {
  npm: {
    install: 'npm install',
    ci: 'npm ci',
    ciWithoutScripts: 'npm ci --ignore-scripts',
    ciAlone: '--no-workspaces',
    prune: 'npm prune --omit=dev --ignore-scripts',
    run: 'npm run',
    runSilently: 'npm run --silent',
    separates: true,
    exec: 'npx --no-install',
    download: 'npx',
    lock: 'package-lock.json',
    settings: [],
    importLock: '',
    globalPackage: '',
    installed: 'node_modules/.package-lock.json',
    ecosystem: 'npm',
    failure: /^npm (?:error|ERR!) (?!code |A complete|.*complete log)(.+)/,
  },
  pnpm: {
    install: 'pnpm install',
    ci: 'pnpm install --frozen-lockfile',
    ciWithoutScripts: 'pnpm install --frozen-lockfile --ignore-scripts',
    ciAlone: '--ignore-workspace',
    prune: 'pnpm prune --prod --ignore-scripts',
    run: 'pnpm run',
    runSilently: 'pnpm --silent run',
    separates: false,
    exec: 'pnpm exec',
    download: 'pnpm dlx',
    lock: 'pnpm-lock.yaml',
    settings: ['pnpm-workspace.yaml'],
    importLock: 'pnpm import',
    globalPackage: 'pnpm',
    installed: 'node_modules/.modules.yaml',
    ecosystem: 'npm',
    failure: /(ERR_PNPM_\w+.*)/,
  },
  yarn: {
    install: 'yarn install',
    ci: 'yarn install --immutable',
    ciWithoutScripts: 'yarn install --immutable --mode=skip-build',
    ciAlone: '',
    prune: 'yarn workspaces focus --all --production',
    run: 'yarn run',
    runSilently: 'yarn run --silent',
    separates: false,
    exec: 'yarn run',
    download: 'yarn dlx',
    lock: 'yarn.lock',
    settings: ['.yarnrc.yml'],
    importLock: 'yarn install --mode=update-lockfile --refresh-lockfile --no-immutable',
    globalPackage: '@yarnpkg/cli-dist',
    installed: 'node_modules/.yarn-state.yml',
    ecosystem: 'npm',
    failure: /YN\d+: (?!└|┌)(.*(?:[Ee]rror|failed|unreachable|can't).*)/,
  },
  'yarn-classic': {
    install: 'yarn install',
    ci: 'yarn install --frozen-lockfile',
    ciWithoutScripts: 'yarn install --frozen-lockfile --ignore-scripts',
    ciAlone: '',
    prune: 'yarn install --production --frozen-lockfile --ignore-scripts',
    run: 'yarn run',
    runSilently: 'yarn --silent run',
    separates: false,
    exec: 'yarn run',
    download: 'npx',
    lock: 'yarn.lock',
    settings: [],
    importLock: 'yarn install --ignore-scripts',
    globalPackage: 'yarn',
    installed: 'node_modules/.yarn-integrity',
    ecosystem: 'npm',
    failure: /^error (.+)/,
  },
  bun: {
    install: 'bun install',
    ci: 'bun install --frozen-lockfile',
    ciWithoutScripts: 'bun install --frozen-lockfile --ignore-scripts',
    ciAlone: '',
    prune: 'rm -rf node_modules && bun install --production --frozen-lockfile --ignore-scripts',
    run: 'bun run',
    runSilently: 'bun run --silent',
    separates: false,
    exec: 'bunx',
    download: 'bunx',
    lock: 'bun.lock',
    settings: [],
    importLock: 'bun install --lockfile-only',
    globalPackage: 'bun',
    // Bun leaves no mark; it links programs last.
    installed: 'node_modules/.bin',
    ecosystem: 'bun',
    failure: /^error: (.+)/,
  },
}

/** Whether the manager's lock file is converted before it runs: Yarn reads no other. */
export function needsConversion({ name, version }: PackageManager): boolean {
  return name === 'yarn' && !isClassic(version)
}

function isClassic(version: string): boolean {
  return /^[01]\./.test(version)
}

export const NPM_WORDS = findWords(NPM)

export function findWords({ name, version }: PackageManager): ManagerWords {
  return WORDS[name === 'yarn' && isClassic(version) ? 'yarn-classic' : name]
}
