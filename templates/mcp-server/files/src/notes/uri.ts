import { UriTemplate } from '@modelcontextprotocol/server'

/** A note as a resource. Slashes in its name stay; every other reserved character is escaped. */
export const NOTE_URI = new UriTemplate('notes://folder/{+name}')

export function formatNoteUri(name: string): string {
  return `notes://folder/${name.split('/').map(encodeURIComponent).join('/')}`
}

/** The note's name, or undefined when `uri` is not the URI of a note or has a broken escape. */
export function parseNoteUri(uri: string): string | undefined {
  const [, escaped] = /^notes:\/\/folder\/(.+)$/.exec(uri) ?? []
  if (escaped === undefined) return undefined
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}
