import { BadFile } from '#kit/files/file'

const MAX_LENGTH = 500
/** These break the line that a list shows, so no client could ask for the note by what it saw. */
const BREAKING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\\]/u
/** These are invisible, or reverse the direction of text: one name could pass for another. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** Whether a client can read an existing note by the name that the list shows. */
export function canBeNamed(name: string): boolean {
  return name.length <= MAX_LENGTH && !BREAKING.test(name)
}

/** Throws `BadFile` when the name of a new note has invisible characters. */
export function checkVisible(name: string): void {
  if (INVISIBLE.test(name)) throw new BadFile('a name with control or invisible characters: leave them out')
}
