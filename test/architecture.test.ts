import { readdirSync, readFileSync } from 'node:fs'
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
  '@clack/prompts': ['io'],
  execa: ['io'],
  'fs-extra': ['io'],
  zod: ['core'],
  'zod/mini': ['core'],
  handlebars: ['core'],
  'handlebars/runtime.js': ['core'],
}

const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'))
const imports = files.flatMap((file) =>
  [...readFileSync(join(source, file), 'utf8').matchAll(/(?:from|import) ?\(?'([^']+)'/g)].map((match) => ({
    file,
    specifier: match[1] ?? '',
  })),
)

it('finds imports at all', () => {
  expect(imports.length).toBeGreaterThan(30)
})

it.each(imports)('$file may import $specifier', ({ file, specifier }) => {
  const room = file.split('/')[0] ?? ''
  if (specifier.startsWith('.')) {
    const target = posix.join(dirname(file), specifier).split('/')[0] ?? ''
    expect(ROOMS[room]).toContain(target)
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

it('never ends the process, starts a shell, or has a room without a name', () => {
  const banned = /process\.exit\(|shell: true|\bexecSync\(/
  expect(files.filter((file) => banned.test(readFileSync(join(source, file), 'utf8')))).toEqual([])
  expect(files.filter((file) => /(utils|helpers|manager|index)\.ts$/.test(file))).toEqual([])
})
