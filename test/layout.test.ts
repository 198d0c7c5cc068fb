import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join, posix } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { layOut } from '../build/lay-out.ts'

// Every template with every option value, as its users get it. What follows looks at the files alone, and knows nothing of how the build chose them.
const out = mkdtempSync(join(tmpdir(), 'ai-eng-layout-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))
const repos = layOut('templates', out, { link: false })

const SPECIFIER = /(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'|new URL\(\s*'(\.[^']*)', import\.meta\.url/g

describe.each(repos)('the repo of $label', ({ directory }) => {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(directory, path)).isFile(),
  )
  const read = (path: string) => readFileSync(join(directory, path), 'utf8')
  const { imports } = JSON.parse(read('package.json')) as { imports: Record<string, { types: string }> }

  /** The file that an import leads to, by package.json's `imports` or by its place; undefined for a package. */
  function targetOf(from: string, specifier: string): string | undefined {
    if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
    if (!specifier.startsWith('#')) return undefined
    const exact = imports[specifier]?.types
    return posix.normalize(exact ?? `${specifier.replace('#kit/', 'kit/')}.ts`)
  }

  function targetsOf(path: string): string[] {
    if (!['.ts', '.js', '.mjs'].includes(extname(path))) return namedIn(path)
    return [...read(path).matchAll(SPECIFIER)].flatMap(
      (match) => targetOf(path, match[1] ?? match[2] ?? '') ?? [],
    )
  }

  /** Programs that scripts, workflows and images start, by source or as they are built. */
  function namedIn(path: string): string[] {
    if (!/(?:package\.json|Dockerfile|\.ya?ml)$/.test(path)) return []
    const names = [...read(path).matchAll(/\b(?:dist\/)?((?:kit|src|evals)\/[\w./-]+)\.([jt]s)\b/g)]
    return names.map(([, name, end]) => (files.includes(`${name}.ts`) ? `${name}.ts` : `${name}.${end}`))
  }

  it('has every file that it imports or starts', () => {
    const code = files.filter((path) => !path.startsWith('public/'))
    const missing = code.flatMap((path) =>
      targetsOf(path)
        .filter((target) => !files.includes(target) && extname(target) !== '')
        .map((target) => `${path}: ${target}`),
    )
    expect(missing).toEqual([])
  })

  it('depends on every package that it imports', () => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json'))
    const known = { ...dependencies, ...devDependencies }
    const foreign = files
      .filter((path) => /^(?:src|kit|evals|test)\/.*\.ts$/.test(path))
      .flatMap((path) => [...read(path).matchAll(SPECIFIER)].map((match) => ({ path, name: match[1] ?? '' })))
      .filter(({ name }) => /^[@a-z]/.test(name) && !name.startsWith('node:'))
      .map(({ path, name }) => ({
        path,
        name: name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      }))
    expect(foreign.length).toBeGreaterThan(5)
    expect(foreign.filter(({ name }) => known[name] === undefined)).toEqual([])
  })

  it('has nothing in kit/ and src/ that its own entries do not reach', () => {
    const starts = files.filter((path) => !/^(?:kit|src)\//.test(path))
    const reached = new Set(starts)
    // A set is walked in the order in which it grows.
    for (const path of reached)
      for (const target of targetsOf(path)) if (files.includes(target)) reached.add(target)
    const code = files.filter((path) => /^(?:kit|src)\/.*\.[jt]s$/.test(path))
    expect(code.length).toBeGreaterThan(10)
    expect(code.filter((path) => !reached.has(path))).toEqual([])
  })

  it('has a kit that knows nothing of src/, evals/ and test/', () => {
    const outside = files
      .filter((path) => path.startsWith('kit/'))
      .flatMap((path) => targetsOf(path).map((target) => `${path}: ${target}`))
      .filter((found) => /: (?:src|evals|test)\//.test(found))
    const lessons = Object.values(imports).map(({ types }) => posix.normalize(types))
    expect(outside.filter((found) => !lessons.some((lesson) => found.endsWith(`: ${lesson}`)))).toEqual([])
  })

  it('has a line in kit/README.md for every folder of kit/', () => {
    const folders = new Set(files.filter((path) => /^kit\/.*\//.test(path)).map((path) => path.split('/')[1]))
    const described = [...read('kit/README.md').matchAll(/^- `([^`]+)\/` .+\.$/gm)].map(
      ([, folder]) => folder,
    )
    expect(described.sort()).toEqual([...folders].sort())
  })

  it('has a README of at most 90 lines, from which links lead to every page of docs/, and no dead link', () => {
    const pages = files.filter(
      (path) => path.endsWith('.md') && !/^(?:[\w-]+-sample|evals|incidents)\//.test(path),
    )
    const links = pages.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => ({
        from: path,
        to: posix.join(posix.dirname(path), link),
      })),
    )
    expect(links.filter(({ to }) => !existsSync(join(directory, to)))).toEqual([])
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(90)
    const linkedFrom = (path: string) => links.filter(({ from }) => from === path).map(({ to }) => to)
    const linked = [...linkedFrom('README.md'), ...linkedFrom('README.md').flatMap(linkedFrom)]
    const docs = files.filter((path) => /^docs\/[^/]+\.md$/.test(path))
    expect([...docs, 'kit/README.md'].filter((path) => !linked.includes(path))).toEqual([])
  })
})
