import { posix } from 'node:path'
import { parseAst } from 'rolldown/parseAst'

const SOURCE = /\.[cm]?[jt]s$/
const KIT = '#kit/'

/**
 * Paths of the kit files that a file of a project uses: its imports, type imports included, its `new URL('…',
 * import.meta.url)` and, in files that are not code, names of built files such as `dist/kit/evals/main.js`.
 * Throws an Error that names a code file that does not parse.
 */
export function findUsedKitFiles(path: string, content: Buffer): string[] {
  const text = content.toString('utf8')
  const used = SOURCE.test(path) ? findCodeUses(path, text) : findTextUses(path, text)
  return [...new Set(used)].filter((file) => file !== path).sort()
}

function findCodeUses(path: string, text: string): string[] {
  return findSpecifiers(text, path).flatMap((specifier) => {
    if (specifier.startsWith(KIT)) return `kit/${specifier.slice(KIT.length)}.ts`
    if (!specifier.startsWith('.')) return []
    const target = posix.join(posix.dirname(path), specifier)
    return target.startsWith('kit/') && posix.extname(target) !== '' ? target : []
  })
}

/** Documents mention `kit/` without depending on it. */
function findTextUses(path: string, text: string): string[] {
  if (!/(?:^|\/)(?:package\.json|Dockerfile|[^/]+\.ya?ml)$/.test(path)) return []
  return [...text.matchAll(/\b(dist\/)?(kit\/[\w./-]+)\.([jt]s)\b/g)].map(
    ([, built, name, extension]) => `${name}.${built ? 'ts' : extension}`,
  )
}

interface Node {
  type: string
  [key: string]: unknown
}

/**
 * Returns the module specifiers of a code file. Throws an Error that names the file when it does not parse.
 */
export function findSpecifiers(text: string, path: string): string[] {
  const lang = path.endsWith('ts') ? 'ts' : 'js'
  const found: string[] = []
  visit(parse(text, path, lang), (node) => {
    const source = IMPORTS.has(node.type) ? node['source'] : findUrlArgument(node)
    if (isNode(source) && typeof source['value'] === 'string') found.push(source['value'])
  })
  return found
}

const IMPORTS = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

function parse(text: string, path: string, lang: 'ts' | 'js'): unknown {
  try {
    return parseAst(text, { lang })
  } catch (error) {
    throw new Error(`${path} cannot be parsed`, { cause: error })
  }
}

/** The first argument of `new URL('…', import.meta.url)`. */
function findUrlArgument(node: Node): unknown {
  const { type, callee, arguments: given } = node
  if (type !== 'NewExpression' || !Array.isArray(given) || given.length !== 2) return undefined
  return isNode(callee) && callee['name'] === 'URL' ? given[0] : undefined
}

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, look)
  if (!isNode(value)) return
  look(value)
  for (const child of Object.values(value)) if (typeof child === 'object') visit(child, look)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
