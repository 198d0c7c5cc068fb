import { parseJson } from '#kit/console/json'

const TEXT = String.raw`"(?:\\.|[^"\\])*"`
const COMMENTS = new RegExp(`${TEXT}|//[^\\n\\r]*|/\\*[^]*?\\*/`, 'g')
const LAST_COMMAS = new RegExp(`${TEXT}|,(?=\\s*[}\\]])`, 'g')

/** Parses JSON with comments and last commas, as editors write their settings. Undefined for anything else. */
export function parseCommentedJson(text: string): unknown {
  const plain = parseJson(text)
  if (plain !== undefined) return plain
  const keepText = (found: string) => (found.startsWith('"') ? found : ' ')
  return parseJson(
    text
      .replace(/^\uFEFF/, '')
      .replaceAll(COMMENTS, keepText)
      .replaceAll(LAST_COMMAS, keepText),
  )
}
