import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { STAND_INS } from './stand-ins.ts'

const OVERLAYS = fileURLToPath(new URL('../fixtures/solved', import.meta.url))

/** What is taken away to see a gate fail: files go back to what a fresh project has, a variable is forgotten, a stand-in stops. */
const piece = z.union([
  z.strictObject({ files: z.array(z.string()).min(1) }),
  z.strictObject({ variable: z.string() }),
  z.strictObject({ standIn: z.enum(STAND_INS) }),
])

/** `overlay.json`. `docs/adding-a-template.md` says what each key is for. */
const overlaySchema = z.strictObject({
  beside: z.string().optional(),
  /** Exercises that are built first, each with a body that is right and not the template's. */
  build: z
    .array(
      z.strictObject({
        exercise: z.string(),
        /** The bodies of the exercise's functions, in their order, for each file. */
        bodies: z.record(z.string(), z.array(z.string()).min(1)),
      }),
    )
    .default([]),
  run: z
    .array(
      z.union([
        z.strictObject({
          argv: z.array(z.string()).min(1),
          model: z.enum(['heuristic', 'scripted']).default('heuristic'),
          exitCode: z.int().default(0),
        }),
        z.strictObject({ edit: z.string(), replace: z.array(z.tuple([z.string(), z.string()])).min(1) }),
      ]),
    )
    .default([]),
  variables: z.record(z.string(), z.string()).default({}),
  pieces: z.record(z.string(), piece),
})

export type Overlay = z.infer<typeof overlaySchema> & {
  /** Laid over the project; the roadmap folder's own for a step that no template makes. Null when there are none. */
  files: string | null
  /** Added to the ends of files that are there. */
  append: string | null
}
export type Piece = z.infer<typeof piece>

export function solvedSteps(): string[] {
  return readdirSync(OVERLAYS).sort()
}

/** Reads `test/fixtures/solved/<step>/`. Throws when it is not what `docs/adding-a-template.md` says. */
export function readOverlay(step: string): Overlay {
  const folder = join(OVERLAYS, step)
  const own = (name: string) => (existsSync(join(folder, name)) ? join(folder, name) : null)
  const parsed = overlaySchema.parse(JSON.parse(readFileSync(join(folder, 'overlay.json'), 'utf8')))
  return { ...parsed, files: own('files'), append: own('append') }
}
