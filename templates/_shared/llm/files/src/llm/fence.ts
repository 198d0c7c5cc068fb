/** Puts a document between tags that do not occur in it, so that no document can close its own fence. */
export function fence(text: string): string {
  let tag = 'document'
  for (let number = 2; text.includes(`${tag}>`); number++) tag = `document-${number}`
  return `<${tag}>\n${text}\n</${tag}>`
}
