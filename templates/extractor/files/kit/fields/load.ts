import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { ConfigError, UsageError } from '#kit/console/errors'

export const DEFAULT_SCHEMA = 'src/schema.ts'

/**
 * The `schema` that a TypeScript file of this repository exports. The path starts at the root:
 * `evals/schemas/page.ts`.
 */
export async function loadSchema(path: string): Promise<z.ZodObject> {
  const hint = 'Name a .ts file below src/ or evals/ that exports a zod object as `schema`.'
  if (!/^(?:src|evals|test)\/(?:[\w-]+\/)*[\w-]+\.ts$/.test(path)) {
    throw new UsageError(`--schema ${path} is not a schema of this repository`, hint)
  }
  // The compiled program runs dist/kit/fields/load.js; tests run this file itself.
  const compiled = join(import.meta.dirname, '../..', path.replace(/\.ts$/, extname(import.meta.filename)))
  const exported = await importFrom(compiled).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`--schema ${path} can't be loaded: ${reason}`, hint)
  })
  if (!(exported.schema instanceof z.ZodObject)) throw new ConfigError(`${path} exports no zod object`, hint)
  return exported.schema
}

async function importFrom(path: string): Promise<{ schema?: unknown }> {
  return import(pathToFileURL(path).href)
}
