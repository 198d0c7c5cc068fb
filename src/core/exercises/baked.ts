import type { Pack } from '../sources.ts'
import type { Exercise } from './schema.ts'

/** The exercises of a template, in the order in which to build them. The build validated them. */
export function readExercises(pack: Pack): Exercise[] {
  const source = pack.get('exercises.json')
  return source?.kind === 'bytes' ? (JSON.parse(source.content.toString('utf8')) as Exercise[]) : []
}

/** A file of the exercise without the code to build. */
export function readTakenOut(pack: Pack, exercise: string, file: string): string {
  const source = pack.get(`exercises/${exercise}/${file}`)
  if (source?.kind !== 'bytes') throw new Error(`the pack lacks exercises/${exercise}/${file}`)
  return source.content.toString('utf8')
}

/** All functions of an exercise, by name. */
export function listFunctions({ takes }: Exercise): string[] {
  return takes.flatMap(({ functions }) => functions)
}
