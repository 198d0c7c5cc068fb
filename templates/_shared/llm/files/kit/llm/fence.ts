/**
 * Wraps a document in tags that it does not contain in any spelling, so that no document can open or close
 * its fence.
 */
export function fence(text: string): string {
  let tag = 'document'
  for (let number = 2; mentions(text, tag); number++) tag = `document-${number}`
  return `<${tag}>\n${text}\n</${tag}>`
}

/** `</Document >` reads like `</document>` to a model. */
function mentions(text: string, tag: string): boolean {
  return new RegExp(`<\\s*/?\\s*${tag}(?![\\w-])`, 'i').test(text)
}
