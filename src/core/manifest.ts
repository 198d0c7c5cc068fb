import { z } from 'zod'

/** Ids are file names, flags and JSON keys at once, so only plain characters are allowed. */
const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes')
const line = z
  .string()
  .min(1)
  .regex(/^[^\n\r]*$/, 'must be one line')

export const layerManifest = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  id,
  /** One line of `kit/README.md`. */
  summary: line,
  /** Layers whose files this one imports, or whose settings it builds on. */
  requires: z.array(id).default([]),
})

const optionManifest = z
  .strictObject({
    title: line,
    default: id,
    /** At most one option per template may change dependencies: there is one lock file per value. */
    changesDependencies: z.boolean().default(false),
    values: z.record(id, z.strictObject({ title: line, layers: z.array(id).default([]) })),
  })
  .refine((option) => option.default in option.values, { error: 'default is not one of the values' })

const kitFile = line.regex(/^kit\/.+\.ts$/, 'must be a file of kit/')

/** How an eval suite or a gate reaches the repo's server; absent when there is none. */
const target = z.strictObject({
  /** The program and its arguments, run without a shell. */
  start: z.array(line).min(1),
  url: z.url(),
  path: line,
  format: line,
})

export const templateManifest = z
  .strictObject({
    $schema: z.string().optional(),
    formatVersion: z.literal(1),
    id,
    title: line,
    milestone: id,
    summary: line,
    layers: z.array(id).min(1),
    options: z.record(id, optionManifest).default({}),
    requires: z.strictObject({ node: line }).default({ node: '>=20.19' }),
    target: target.optional(),
    /** One line of `kit/README.md` for each folder of `kit/` that the template itself adds. */
    kit: z.record(id, line).default({}),
    /**
     * Layer files that are part of this template's lesson: `kit/retrieval/chunk.ts` becomes `src/chunk.ts`,
     * and imports of `#kit/retrieval/chunk` resolve to it.
     */
    renames: z.record(kitFile, line.regex(/^src\/.+\.ts$/, 'must be a file of src/')).default({}),
    /**
     * The command that does the repo's main job on a text file, as a list of words with `{file}` in it. The
     * smoke tests run it on texts that no template has seen.
     */
    job: z.strictObject({ command: z.array(line).min(1) }).optional(),
    /** Commands to paste, run in the new directory, in order. */
    next: z.array(line).min(1),
    /**
     * The same next to a project of another template, by that template's id: its directory is `{neighbour}`. The
     * first template that has a project there counts.
     */
    neighbour: z.record(id, z.array(line).min(1)).default({}),
  })
  .refine((t) => Object.values(t.options).filter((option) => option.changesDependencies).length <= 1, {
    error: 'at most one option may change dependencies',
    path: ['options'],
  })

export type TemplateManifest = z.infer<typeof templateManifest>
export type OptionManifest = z.infer<typeof optionManifest>

/**
 * Parses JSON text and validates it. Throws an Error with every problem as `file: field: reason`, one line
 * each.
 */
export function parseManifest<T>(schema: z.ZodType<T>, text: string, file: string): T {
  const result = schema.safeParse(parseJson(text, file))
  if (result.success) return result.data
  const lines = result.error.issues.map(
    (issue) => `${file}: ${issue.path.join('.') || '(whole file)'}: ${issue.message}`,
  )
  throw new Error(lines.join('\n'))
}

/** Parses JSON. Throws an Error that names the file when the text is not JSON. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: not valid JSON: ${error instanceof Error ? error.message : error}`)
  }
}
