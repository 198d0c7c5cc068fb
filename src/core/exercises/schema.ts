import { z } from 'zod'

const line = z
  .string()
  .min(1)
  .regex(/^[^\n\r]*$/, 'must be one line')
const name = z.string().regex(/^[A-Za-z_$][\w$]*$/, 'must be the name of a function')
const sourceFile = line.regex(/^src\/.+\.ts$/, 'must be a file of src/')
const testFile = line.regex(/^test\/.+\.test\.ts$/, 'must be a test file of test/')

const exerciseSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  /** What the learner builds, as a verb phrase. */
  title: line,
  /** How long it takes a backend engineer who has not done it before. */
  minutes: z.int().positive(),
  /** What is taken out, file by file. */
  takes: z
    .array(
      z.strictObject({
        file: sourceFile,
        /** Their bodies are replaced by a `throw`; signature and docstring stay. */
        functions: z.array(name).min(1),
        /** Removed whole, because only these functions use them. */
        helpers: z.array(name).default([]),
      }),
    )
    .min(1),
  /** The tests to turn green, one after another, in the file's order. All are red once the code is out. */
  test: testFile,
  /** Other test files with tests that are red while the code is out. */
  others: z.array(testFile).default([]),
  /** The npm script of the eval that must not lose a case against its baseline. */
  eval: line.optional(),
  /** What to read in the repo before starting. */
  read: z.array(line).min(1),
  /** From a nudge to a worked example. */
  hints: z.array(line).min(1).max(4),
})

/** `exercises.json` of a template. */
export const exercisesSchema = z
  .strictObject({
    $schema: z.string().optional(),
    formatVersion: z.literal(1),
    /** In the order in which to build them. */
    exercises: z.array(exerciseSchema).min(1),
  })
  .refine(({ exercises }) => new Set(exercises.map(({ id }) => id)).size === exercises.length, {
    error: 'two exercises have the same id',
    path: ['exercises'],
  })

type ExerciseManifest = z.infer<typeof exerciseSchema>

/** A file of an exercise, as the build bakes it. */
interface Take {
  file: string
  functions: readonly string[]
  /** The template's own text of each function, from `function` or `async` to its end. */
  references: readonly string[]
}

/** An exercise, as the build bakes it into the template's pack. */
export interface Exercise extends Omit<ExerciseManifest, 'takes'> {
  takes: readonly Take[]
}
