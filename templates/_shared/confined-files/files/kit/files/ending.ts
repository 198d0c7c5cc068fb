import { basename, extname } from 'node:path'

/** Returns the ending of a file's name in lower case, with the dot; of a name without one, the name: `readme`. */
export function getEnding(name: string): string {
  return (extname(name) || basename(name)).toLowerCase()
}
