import { BadFile } from '#kit/files/file'

const MAX_LENGTH = 500
/** With one of these, a name is not what a list shows on a line, and nobody could ask for the note by it. */
const BREAKING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\\]/u
/** Nothing to see, or the rest turned round: one name could pass for another. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** Whether a note that is there can be listed, and then read by what the list says. */
export function canBeNamed(name: string): boolean {
  return name.length <= MAX_LENGTH && !BREAKING.test(name)
}

/** Throws `BadFile` for the name of a new note that would not be seen as it is. */
export function checkVisible(name: string): void {
  if (INVISIBLE.test(name)) throw new BadFile('a name with control or invisible characters: leave them out')
}
