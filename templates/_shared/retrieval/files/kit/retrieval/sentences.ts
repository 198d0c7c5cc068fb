import { listQuotables } from './quotables.ts'

/**
 * What can be quoted from a text, in order: sentences, list items, table rows and lines of code, word for
 * word, with whitespace collapsed. A sentence that begins with a word for something said before ("There are 19 of them.")
 * says little by itself and stays attached to the one before it, unless `joinsPronouns` is false.
 */
export function listQuotableSentences(text: string, options?: { joinsPronouns?: boolean }): string[] {
  return listQuotables(text, options).flatMap(({ parts, text: one }) => (parts === undefined ? [one] : []))
}
