import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { describe, expect, it } from 'vitest'

/** Verbs that a function's name may start with. A new verb is a new word here, if it is the field's. */
const VERBS = new Set(readFileSync('test/fixtures/verbs.txt', 'utf8').split(/\s+/))

/** Percentages of function names: at least this share starts with a verb, at most these shares are `costOf` or shared. */
const LIMITS = {
  src: { verbFirst: 95, xOf: 3, shared: 2 },
  templates: { verbFirst: 80, xOf: 3, shared: 3 },
}

interface NamedFunction {
  name: string
  file: string
}

type Node = Record<string, unknown> & { type?: string }

/** Every function declaration, nested ones too, and every top-level constant that is a function. */
function listFunctions(root: string): NamedFunction[] {
  return readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|(?:^|\/)test\/|node_modules|\.d\.ts$/.test(file))
    .flatMap((file) => {
      const program = parseAst(readFileSync(join(root, file), 'utf8'), { lang: 'ts' }) as unknown as Node
      return [...listDeclarations(program), ...listConstants(program)].map((name) => ({ name, file }))
    })
}

function listDeclarations(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(listDeclarations)
  if (typeof node !== 'object' || node === null) return []
  const { type, id } = node as Node
  const own = type === 'FunctionDeclaration' ? readName(id) : []
  return [...own, ...Object.values(node).flatMap(listDeclarations)]
}

function listConstants(program: Node): string[] {
  return (program['body'] as Node[])
    .map((statement) => (statement['declaration'] ?? statement) as Node)
    .filter(({ type }) => type === 'VariableDeclaration')
    .flatMap((declaration) => declaration['declarations'] as Node[])
    .filter(({ init }) =>
      /^(?:Arrow)?Function(?:Expression)?$|^ArrowFunctionExpression$/.test(readType(init)),
    )
    .flatMap(({ id }) => readName(id))
}

function readName(id: unknown): string[] {
  const name = (id as { name?: unknown } | null)?.name
  return typeof name === 'string' ? [name] : []
}

function readType(node: unknown): string {
  return (node as Node | null)?.type ?? ''
}

function startsWithVerb({ name }: NamedFunction): boolean {
  return VERBS.has(/^[a-z]+/.exec(name)?.[0] ?? '')
}

function isXOf({ name }: NamedFunction): boolean {
  return /(?:Of|In|On)$/.test(name) || /^[a-z]+(?:Of|In|On)[A-Z]/.test(name)
}

/** Names that several files define, with those files. */
function listShared(functions: readonly NamedFunction[]): string[] {
  const files = new Map<string, string[]>()
  for (const { name, file } of functions) files.set(name, [...(files.get(name) ?? []), file])
  return [...files].flatMap(([name, where]) => (where.length > 1 ? [`${name}: ${where.join(', ')}`] : []))
}

describe.each(Object.entries(LIMITS))('function names in %s', (root, { verbFirst, xOf, shared }) => {
  const functions = listFunctions(root)
  const listed = (found: readonly NamedFunction[]) => found.map(({ name, file }) => `${name} in ${file}`)

  it('are found', () => {
    expect(functions.length).toBeGreaterThan(500)
  })

  it(`start with a verb, ${verbFirst} % of them or more`, () => {
    const others = functions.filter((one) => !startsWithVerb(one))
    const share = 100 - (100 * others.length) / functions.length
    expect(share, listed(others).join('\n')).toBeGreaterThanOrEqual(verbFirst)
  })

  it(`are not costOf, whatIn or whatOn, ${xOf} % of them at most`, () => {
    const found = functions.filter(isXOf)
    expect((100 * found.length) / functions.length, listed(found).join('\n')).toBeLessThanOrEqual(xOf)
  })

  it(`mean one thing, all but ${shared} %`, () => {
    const found = listShared(functions)
    const distinct = new Set(functions.map(({ name }) => name)).size
    expect((100 * found.length) / distinct, found.join('\n')).toBeLessThanOrEqual(shared)
  })
})

/** Types and interfaces by name, with the files below a folder that define them. */
function listTypes(folders: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const folder of folders.filter((path) => existsSync(path)))
    for (const file of readdirSync(folder, { recursive: true }).map(String)) {
      if (!/\.ts$/.test(file) || /(?:^|\/)testing\//.test(file)) continue
      const text = readFileSync(join(folder, file), 'utf8')
      for (const [, name = ''] of text.matchAll(/^(?:export )?(?:interface|type) (\w+)/gm))
        found.set(name, [...(found.get(name) ?? []), join(folder, file)])
    }
  return found
}

describe('type names', () => {
  const projects = existsSync('.composed') ? readdirSync('.composed') : []
  const roots = [
    ['src', 'build'],
    ...projects.map((name) => ['src', 'kit', 'evals'].map((part) => `.composed/${name}/${part}`)),
  ]

  it.each(roots.map((folders) => [folders.join(', '), folders] as const))(
    'mean one thing in %s',
    (_, folders) => {
      const types = listTypes(folders)
      expect(types.size).toBeGreaterThan(50)
      expect([...types].filter(([, files]) => files.length > 1)).toEqual([])
    },
  )
})
