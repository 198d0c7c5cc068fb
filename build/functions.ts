import { parseAst } from 'rolldown/parseAst'

/** A top-level function of a TypeScript file; offsets are indices into its text. */
interface FoundFunction {
  /** Of the whole statement, from `export` or its first comment on. */
  start: number
  end: number
  /** Of the declaration itself, without `export`. */
  declaration: number
  /** Of the block after the signature, with its braces. */
  body: { start: number; end: number }
}

interface AstNode {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

/** What an exercise leaves of a function's body. */
const YOURS = "{\n  throw new Error('yours to write')\n}"

/** Replaces the bodies of some functions. Throws an Error for a name that is no top-level function. */
export function replaceBodies(text: string, path: string, bodies: Record<string, string>): string {
  const edits = Object.entries(bodies).map(([name, body]) => ({
    ...findFunction(text, path, name).body,
    replacement: body,
  }))
  return applyEdits(text, edits)
}

/**
 * Takes functions out of a file: the bodies of `functions` become a `throw`, `helpers` disappear with their
 * comments. Throws an Error for a name that is no top-level function.
 */
export function takeOut(
  text: string,
  path: string,
  { functions, helpers }: { functions: readonly string[]; helpers: readonly string[] },
): string {
  const bodies = functions.map((name) => ({
    ...findFunction(text, path, name).body,
    replacement: YOURS,
  }))
  const whole = helpers.map((name) => {
    const { start, end } = findFunction(text, path, name)
    const rest = text.slice(end)
    return { start, end: end + (/^\s*\n+/.exec(rest)?.[0].length ?? 0), replacement: '' }
  })
  return `${applyEdits(text, [...bodies, ...whole]).trimEnd()}\n`
}

/** A function's text without `export` and comments, from `function` or `async` to its end. Throws an Error for a name that is no top-level function. */
export function readFunctionText(text: string, path: string, name: string): string {
  const { declaration, end } = findFunction(text, path, name)
  return text.slice(declaration, end)
}

function applyEdits(
  text: string,
  edits: readonly { start: number; end: number; replacement: string }[],
): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((left, { start, end, replacement }) => left.slice(0, start) + replacement + left.slice(end), text)
}

function findFunction(text: string, path: string, name: string): FoundFunction {
  const program = parseAst(text, { lang: 'ts' }) as unknown as { body: AstNode[] }
  for (const statement of program.body) {
    const declaration = (statement['declaration'] ?? statement) as AstNode
    const body = findBody(declaration, name)
    if (body)
      return {
        start: findCommentStart(text, statement.start),
        end: statement.end,
        declaration: declaration.start,
        body: { start: body.start, end: body.end },
      }
  }
  throw new Error(`${path} has no top-level function ${name}`)
}

function findBody(declaration: AstNode, name: string): AstNode | undefined {
  const isMeant = declaration.type === 'FunctionDeclaration' && readId(declaration) === name
  return isMeant ? (declaration['body'] as AstNode) : undefined
}

function readId(node: AstNode): unknown {
  return (node['id'] as { name?: unknown } | null)?.name
}

/** The start of the comments that belong to a statement, or of the statement. */
function findCommentStart(text: string, start: number): number {
  const before = text.slice(0, start)
  return start - (/(?:\/\*(?:(?!\*\/)[\s\S])*\*\/\n|(?:\/\/[^\n]*\n)+)$/.exec(before)?.[0].length ?? 0)
}
