import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Layer, requireLayers, type Template } from '../src/core/catalogue.ts'
import { type Exercise, exercisesSchema } from '../src/core/exercises/schema.ts'
import { parseManifest } from '../src/core/manifest.ts'
import type { Pack, Source } from '../src/core/sources.ts'
import { hashSha256 } from '../src/io/hash.ts'
import { readFunctionText, takeOut } from './functions.ts'

type Manifest = ReturnType<typeof exercisesSchema.parse>['exercises'][number]
type TakeManifest = Manifest['takes'][number]

/**
 * Reads `exercises.json` of a template, if it has one, and works out what each exercise takes out. Returns
 * the files to add to the template's pack: `exercises.json`, and `exercises/<id>/<file>` without the code.
 * Throws an Error that names the exercise and what is wrong with it.
 */
export function scanExercises(
  templates: string,
  template: Template,
  layers: readonly Layer[],
  packs: ReadonlyMap<string, Pack>,
): Pack {
  const { id } = template.manifest
  const path = join(templates, id, 'exercises.json')
  if (!existsSync(path)) return new Map()
  const shown = `templates/${id}/exercises.json`
  const { exercises } = parseManifest(exercisesSchema, readFileSync(path, 'utf8'), shown)
  const read = (file: string) => readLesson(file, template, layers, packs)
  const baked: Exercise[] = exercises.map((exercise) => ({
    ...exercise,
    takes: exercise.takes.map((take) => bakeTake(take, readOrThrow(exercise, take.file))),
  }))
  for (const exercise of exercises)
    for (const file of [exercise.test, ...exercise.others]) readOrThrow(exercise, file)
  const files = exercises.flatMap((exercise) =>
    exercise.takes.map(({ file, ...names }) => {
      const content = Buffer.from(takeOut(readOrThrow(exercise, file), file, names))
      return [`exercises/${exercise.id}/${file}`, toSource(content)] as const
    }),
  )
  return new Map([['exercises.json', toSource(Buffer.from(JSON.stringify(baked)))], ...files])

  function readOrThrow({ id: exercise }: Manifest, file: string): string {
    const text = read(file)
    if (text === undefined)
      throw new Error(`${shown}: ${exercise}: ${file} is not in every project of this template`)
    return text
  }
}

function bakeTake({ file, functions }: TakeManifest, text: string): Exercise['takes'][number] {
  return { file, functions, references: functions.map((name) => readFunctionText(text, file, name)) }
}

function toSource(content: Buffer): Source {
  return { kind: 'bytes', content, sha256: hashSha256(content) }
}

/** A verbatim file that projects have whatever their options are; undefined when there is none. */
function readLesson(
  file: string,
  { manifest }: Template,
  layers: readonly Layer[],
  packs: ReadonlyMap<string, Pack>,
): string | undefined {
  const [renamed] = Object.entries(manifest.renames).find(([, to]) => to === file) ?? []
  const owners = [manifest.id, ...requireLayers(layers, manifest.layers).map((layer) => layer.id)]
  for (const owner of owners) {
    const source = packs.get(owner)?.get(`files/${renamed ?? file}`)
    if (source?.kind === 'bytes') return source.content.toString('utf8')
  }
  return undefined
}
