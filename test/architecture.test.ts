import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** Imports flow one way: cli -> commands -> core, io; io -> core. */
const ROOMS: Record<string, string[]> = {
  cli: ['cli', 'commands', 'core', 'io'],
  commands: ['commands', 'core', 'io'],
  io: ['io', 'core'],
  core: ['core'],
}
/** Packages, and the rooms that may use them. */
const PACKAGES: Record<string, string[]> = {
  commander: ['cli'],
  'js-tokens': ['core'],
  '@bomb.sh/tab': ['io'],
  '@clack/prompts': ['io'],
  execa: ['io'],
  'fs-extra': ['io'],
  zod: ['core'],
  'zod/mini': ['core'],
  handlebars: ['core'],
  'handlebars/runtime.js': ['core'],
}
/** Files of generated repos that the CLI uses too (docs/decisions/060), and the rooms that may import them. Whatever a pure one needs, it holds itself. */
const KIT: Record<string, string[]> = {
  'console/hash-json.ts': ['io'],
  'console/is-running.ts': ['io'],
  'console/owned-lock.ts': ['io'],
  'console/replace-file.ts': ['io'],
  'console/shell.ts': ['cli', 'commands', 'io', 'core'],
  'evals/mcnemar.ts': ['core'],
  'net/failure.ts': ['io'],
  'net/public-address.ts': ['io'],
}

const shared = fileURLToPath(new URL('../templates/_shared', import.meta.url))
const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'))
const imports = files.flatMap((file) =>
  specifiersIn(join(source, file)).map((specifier) => ({ file, specifier })),
)

function specifiersIn(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/(?:from|import) ?\(?'([^'\s]+)'/g)].map((match) => match[1] ?? '')
}

/** `../../templates/_shared/net/files/kit/net/x.ts` is `net/x.ts`. */
function kitFileOf(path: string): string | undefined {
  return /^\.\.\/templates\/_shared\/[^/]+\/files\/kit\/(.+)$/.exec(path)?.[1]
}

it('finds imports at all', () => {
  expect(imports.length).toBeGreaterThan(30)
})

it.each(imports)('$file may import $specifier', ({ file, specifier }) => {
  const room = file.split('/')[0] ?? ''
  if (specifier.startsWith('.')) {
    const target = posix.join(dirname(file), specifier)
    const kitFile = kitFileOf(target)
    if (kitFile !== undefined) expect(KIT[kitFile]).toContain(room)
    else expect(ROOMS[room]).toContain(target.split('/')[0])
  } else if (specifier.startsWith('node:')) {
    if (room === 'core') expect(specifier).toBe('node:path')
  } else {
    expect(PACKAGES[specifier]).toContain(room)
  }
})

it('has no circle of imports', () => {
  const found = new Set<string>()
  const follow = (file: string, path: readonly string[]) => {
    if (path.includes(file)) found.add([...path.slice(path.indexOf(file)), file].join(' -> '))
    else for (const next of importsOf.get(file) ?? []) if (!cleared.has(next)) follow(next, [...path, file])
    cleared.add(file)
  }
  const cleared = new Set<string>()
  const importsOf = new Map(
    files.map((file) => [
      file,
      imports
        .filter((one) => one.file === file && one.specifier.startsWith('.'))
        .map(({ specifier }) => posix.join(dirname(file), specifier)),
    ]),
  )
  for (const file of files) follow(file, [])
  expect([...found]).toEqual([])
})

it.each(Object.entries(KIT))('kit/%s holds all that it needs, and is used', (kitFile, rooms) => {
  const [path = ''] = readdirSync(shared).flatMap((layer) => {
    const path = join(shared, layer, 'files/kit', kitFile)
    return existsSync(path) ? path : []
  })
  const allowed = rooms.includes('core') ? /^node:path$/ : /^node:/
  const beside = (specifier: string) => posix.join(dirname(kitFile), specifier) in KIT
  const others = specifiersIn(path).filter((specifier) => !allowed.test(specifier) && !beside(specifier))
  expect(others).toEqual([])
  expect(imports.filter(({ specifier }) => specifier.endsWith(`/kit/${kitFile}`))).not.toEqual([])
})

it('never ends the process, starts a shell, or has a room without a name', () => {
  const banned = /process\.exit\(|shell: true|\bexecSync\(/
  expect(files.filter((file) => banned.test(readFileSync(join(source, file), 'utf8')))).toEqual([])
  expect(files.filter((file) => /(utils|helpers|manager|index)\.ts$/.test(file))).toEqual([])
})
