import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { ConfigError, UsageError } from '#kit/console/errors'
import { fieldsOf, type ObjectField } from './fields.ts'

export const DEFAULT_SCHEMA = 'src/schema.ts'

/** The fields of the `schema` that a TypeScript file of this repository exports. The path is from the root: `evals/schemas/page.ts`. */
export async function loadSchema(path: string): Promise<ObjectField> {
  const hint = 'Name a .ts file below src/ or evals/ that exports a zod object as `schema`.'
  if (!/^(?:src|evals)\/(?:[\w-]+\/)*[\w-]+\.ts$/.test(path)) {
    throw new UsageError(`--schema ${path} is not a schema of this repository`, hint)
  }
  // What runs is the built file: this one is in dist/src/fields, or in src/fields when the tests run.
  const built = join(import.meta.dirname, '../..', path.replace(/\.ts$/, extname(import.meta.filename)))
  const exported = await importFrom(built).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`--schema ${path} cannot be loaded: ${reason}`, hint)
  })
  if (!(exported.schema instanceof z.ZodObject)) throw new ConfigError(`${path} exports no zod object`, hint)
  return fieldsOf(exported.schema)
}

async function importFrom(path: string): Promise<{ schema?: unknown }> {
  return import(pathToFileURL(path).href)
}
