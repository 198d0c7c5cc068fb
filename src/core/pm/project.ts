import type { TemplateManifest } from '../manifest.ts'
import { isObject, type JsonObject, sortFields } from '../package-json.ts'
import type { SourceFile } from '../sources.ts'
import { translateArguments, translateCommands } from './commands.ts'
import { formatManager, NPM, type PackageManager } from './name.ts'
import { findWords, type ManagerWords } from './words.ts'

/** A file as the plan has it. */
interface TranslatedFile {
  path: string
  from: string[]
  content: Buffer
  /** Absent once the content differs from its source. */
  copyOf?: SourceFile
}

/**
 * Files that name commands to people or machines: those of the root, the pages of docs/, and settings such as
 * .github/. Code and samples stay as they came: evals and `update` compare their bytes.
 */
const TOLD = /^(?:[^/]+(?<!\.[jt]s|\.json)|docs\/.*|\.\w.*\/.*|kit\/README\.md)$/
/** Files that machines run from a fresh clone, where the package manager has to be installed first. */
const RUN = /^(?:Dockerfile|\.github\/workflows\/.*)$/

/** The file as it reads with the project's package manager; the file itself for npm. */
export function translateFile(file: TranslatedFile, manager: PackageManager): TranslatedFile {
  if (manager.name === NPM.name || !TOLD.test(file.path)) return file
  const text = file.content.toString('utf8')
  const translated = translateText(text, file.path, manager)
  if (translated === text) return file
  const { copyOf: _, ...rest } = file
  return { ...rest, content: Buffer.from(translated) }
}

function translateText(text: string, path: string, manager: PackageManager): string {
  const words = findWords(manager)
  if (!RUN.test(path)) return translateCommands(text, words)
  const lock = path === 'Dockerfile' ? [words.lock, ...words.settings].join(' ') : words.lock
  // setup-node can only cache for a manager that is there before Node is.
  const uncached = text.replace(/^ *cache: npm\n/gm, '')
  return translateCommands(uncached, { ...words, ...addSetup(words, manager), lock })
}

function addSetup({ ci, ciWithoutScripts, globalPackage }: ManagerWords, { version }: PackageManager) {
  const setup = `npm install --global ${globalPackage}@${version}`
  return { ci: `${setup} && ${ci}`, ciWithoutScripts: `${setup} && ${ciWithoutScripts}` }
}

/** How to start the repo's server, for eval suites and gates. */
export function translateTarget(
  target: NonNullable<TemplateManifest['target']>,
  manager: PackageManager,
): NonNullable<TemplateManifest['target']> {
  if (manager.name === NPM.name) return target
  return { ...target, start: translateArguments(target.start, findWords(manager)) }
}

/** Scripts, pinned versions of packages below others, and which manager the repo wants, as the manager reads them. */
export function translatePackageJson(json: JsonObject, manager: PackageManager): JsonObject {
  if (manager.name === NPM.name) return json
  const { scripts = {}, overrides, ...rest } = json
  const words = findWords(manager)
  const translated = Object.entries(scripts as Record<string, string>).map(
    ([name, command]) => [name, translateCommands(command, words)] as const,
  )
  return sortFields({
    ...rest,
    scripts: manager.name === 'yarn' ? foldHooks(new Map(translated)) : Object.fromEntries(translated),
    ...(overrides !== undefined && placeOverrides(overrides, manager)),
    packageManager: formatManager(manager),
  })
}

function placeOverrides(overrides: JsonObject[string], { name }: PackageManager): JsonObject {
  if (name === 'yarn') return { resolutions: overrides }
  // pnpm reads them from a file of its own.
  return name === 'pnpm' ? {} : { overrides }
}

/** Yarn runs no `prex` and `postx` around a script `x`. */
function foldHooks(scripts: ReadonlyMap<string, string>): JsonObject {
  const isHook = (name: string) =>
    /^(?:pre|post)/.test(name) && scripts.has(name.replace(/^(?:pre|post)/, ''))
  return Object.fromEntries(
    [...scripts]
      .filter(([name]) => !isHook(name))
      .map(([name, command]) => {
        const parts = [scripts.get(`pre${name}`), command, scripts.get(`post${name}`)]
        return [name, parts.filter((part) => part !== undefined).join(' && ')]
      }),
  )
}

/** Settings that only this manager reads, and that depend on the project's packages. */
export function planManagerFiles({ overrides }: JsonObject, { name }: PackageManager): TranslatedFile[] {
  if (name !== 'pnpm') return []
  const pinned = isObject(overrides) ? Object.entries(overrides) : []
  const lines = [
    '# What .npmrc says to npm: no package in this tree needs an install script.',
    'ignoreScripts: true',
    'engineStrict: true',
    '# Real folders, as npm makes them: the tree that the lock file was tested with.',
    'nodeLinker: hoisted',
    ...(pinned.length > 0 ? ['overrides:'] : []),
    ...pinned.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`),
  ]
  return [{ path: 'pnpm-workspace.yaml', from: ['pm-pnpm'], content: Buffer.from(`${lines.join('\n')}\n`) }]
}
