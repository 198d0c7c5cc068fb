import { parseFragment } from 'parse5'

/** Decodes the entities of HTML, such as `&amp;`, in a text without tags. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  const [node] = parseFragment(text.replaceAll('<', '&lt;')).childNodes
  return node !== undefined && 'value' in node ? node.value : text
}
