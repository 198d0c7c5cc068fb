import { UriTemplate } from '@modelcontextprotocol/server'

/** A note as a resource. Slashes in its name stay; every other reserved character is escaped. */
export const NOTE_URI = new UriTemplate('notes://folder/{+name}')

/**
 * The URI of a note: `notes://folder/` and its name. Each part between the slashes of a name is escaped like a
 * component of a URI (`encodeURIComponent`); the slashes stay. `team/a b.md` is `notes://folder/team/a%20b.md`.
 */
export function formatNoteUri(name: string): string {
  return `notes://folder/${name.split('/').map(encodeURIComponent).join('/')}`
}

/**
 * The name in a note's URI, with escapes resolved. Undefined when `uri` does not begin with `notes://folder/`,
 * has no name after it, or has a broken escape. Whether there is such a note is for `Notes.read` to find out.
 */
export function parseNoteUri(uri: string): string | undefined {
  const [, escaped] = /^notes:\/\/folder\/(.+)$/.exec(uri) ?? []
  if (escaped === undefined) return undefined
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}
