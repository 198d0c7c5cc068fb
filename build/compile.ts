import Handlebars from 'handlebars'
import { type Encoder, encoders } from '../src/core/encoders.ts'
import { type CompiledText, VALUE_NAMES, type ValueName } from '../src/core/render.ts'

/**
 * Compiles a `.hbs` text to data when the package is built, so that the CLI loads no template engine. Throws
 * an Error that names file and line for anything but `{{encoder value}}`.
 */
export function compileText(text: string, file: string): CompiledText {
  return Handlebars.parse(text).body.flatMap((statement) => compileStatement(statement, file))
}

function compileStatement(statement: hbs.AST.Statement, file: string): CompiledText {
  const at = `${file}:${statement.loc.start.line}`
  if (statement.type === 'CommentStatement') return []
  if (statement.type === 'ContentStatement') return [(statement as hbs.AST.ContentStatement).value]
  if (statement.type !== 'MustacheStatement') {
    throw new Error(
      `${at}: only {{encoder value}} is allowed here; options choose files, not branches within a file`,
    )
  }
  const { path, params, hash, escaped } = statement as hbs.AST.MustacheStatement
  const encoder = nameOf(path)
  const value = nameOf(params[0])
  if (!escaped || !isEncoder(encoder))
    throw new Error(`${at}: user text must go through an encoder: ${Object.keys(encoders).join(', ')}`)
  if (params.length !== 1 || hash || !isValue(value))
    throw new Error(`${at}: ${encoder} takes one of: ${VALUE_NAMES.join(', ')}`)
  return [{ encoder, value }]
}

function nameOf(node: hbs.AST.Node | undefined): string {
  return node?.type === 'PathExpression' ? (node as hbs.AST.PathExpression).original : ''
}

function isEncoder(name: string): name is Encoder {
  return Object.hasOwn(encoders, name)
}

function isValue(name: string): name is ValueName {
  return VALUE_NAMES.some((known) => known === name)
}
