import { UriTemplate } from '@modelcontextprotocol/server'

/** A note as a resource. The name keeps its slashes; everything else that an address must not hold is escaped. */
export const NOTE_URI = new UriTemplate('notes://folder/{+name}')

export function uriOf(name: string): string {
  return `notes://folder/${name.split('/').map(encodeURIComponent).join('/')}`
}

/** The name in an address; undefined when there is none, or its escapes are broken. */
export function nameIn(uri: string): string | undefined {
  const [, escaped] = /^notes:\/\/folder\/(.+)$/.exec(uri) ?? []
  if (escaped === undefined) return undefined
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}
