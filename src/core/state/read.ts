import type * as z from 'zod/mini'
import { EXIT, UserError } from '../errors.ts'

/** State that cannot be read is reported and left alone, never replaced. */
export class StateError extends UserError {
  override name = 'StateError'

  constructor(message: string, hint: string) {
    super(message, hint, { exitCode: EXIT.state })
  }
}

export interface StateFile {
  /** The path to show. */
  path: string
  /** How to restore the file; called only when it is broken. */
  restore?: () => string
}

const KEPT = 'Nothing was changed'

/**
 * Parses a state file. Checks the version first: a newer document has other fields, and errors about those
 * would explain nothing. Throws a StateError for text that is not valid, or of a newer version.
 */
export function parseState<T>(
  text: string,
  { path: shownPath, restore = () => 'Fix it by hand' }: StateFile,
  schema: z.ZodMiniType<T>,
  version: number,
): T {
  if (/^(<{7}|={7}|>{7})/m.test(text))
    throw new StateError(
      `${shownPath} has merge conflict markers. ${KEPT}`,
      `Edit ${shownPath}: keep the right lines of both sides, and remove the markers`,
    )
  const value = parseJsonText(text, shownPath, restore)
  const written = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof written === 'number' && written > version)
    throw new StateError(
      `${shownPath} was written by a newer ai-eng-starter (file version ${written}). ${KEPT}`,
      'Use that version: npx ai-eng-starter@latest',
    )
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join('.') || 'whole file'
  throw new StateError(`${shownPath} cannot be read: ${field}: ${issue?.message}. ${KEPT}`, restore())
}

function parseJsonText(text: string, shownPath: string, restore: () => string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''), refusePrototype)
  } catch {
    throw new StateError(`${shownPath} is not valid JSON. ${KEPT}`, restore())
  }
}

/** Assigning this key would change the object's prototype. */
function refusePrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

/** Parses JSON by the schema of the version that it names. Throws an Error that says what is wrong. */
export function parseVersioned<T>(
  field: string,
  versions: Record<string, z.ZodMiniType<T>>,
  text: string,
): T {
  const value = JSON.parse(text) as Record<string, unknown> | null
  const name = value?.[field]
  const schema = typeof name === 'string' && Object.hasOwn(versions, name) ? versions[name] : undefined
  if (!schema)
    throw new Error(
      `its ${field} is ${JSON.stringify(name) ?? 'missing'}, not ${Object.keys(versions).join(' or ')}`,
    )
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Error(`${issue?.path.join('.')}: ${issue?.message}`)
}
