import type * as z from 'zod/mini'
import { EXIT, UserError } from '../errors.ts'

/** State that cannot be read is shown and left alone, never replaced. */
export class StateError extends UserError {
  override name = 'StateError'

  constructor(message: string, hint: string) {
    super(message, hint, { exitCode: EXIT.state })
  }
}

export interface StateFile {
  /** As it is shown. */
  path: string
  /** What to do when it is broken; asked only then. */
  restore?: () => string
}

const KEPT = 'Nothing was changed'

/** Reads a state file's text. The version is looked at first: a newer document has other fields, and a list of those would explain nothing. */
export function parseState<T>(
  text: string,
  { path: shownPath, restore = () => 'Mend it by hand' }: StateFile,
  schema: z.ZodMiniType<T>,
  version: number,
): T {
  if (/^(<{7}|={7}|>{7})/m.test(text))
    throw new StateError(
      `${shownPath} has merge conflict markers. ${KEPT}`,
      `Edit ${shownPath}: keep what is right of both sides`,
    )
  const value = parseJsonText(text, shownPath, restore)
  const written = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof written === 'number' && written > version)
    throw new StateError(
      `${shownPath} was written by a newer ai-eng-starter (version ${written} of the file). ${KEPT}`,
      'Use that version: npx ai-eng-starter@latest',
    )
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join('.') || 'the whole file'
  throw new StateError(`${shownPath} cannot be read: ${field}: ${issue?.message}. ${KEPT}`, restore())
}

function parseJsonText(text: string, shownPath: string, restore: () => string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''), refusePrototype)
  } catch {
    throw new StateError(`${shownPath} is not valid JSON. ${KEPT}`, restore())
  }
}

/** A key of this name would change every object. */
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
