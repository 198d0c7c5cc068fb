/**
 * A piece of a document: what is embedded, ranked, sent to a model and cited. Its text is a stretch of the document as it was read, so that a quote from it
 * can be found there.
 */
export interface Chunk {
  /** Hex, of the document's name, the headings and the text: the same piece of the same document has the same id, wherever and whenever it is made. */
  id: string
  /** The document's path below the folder, with forward slashes. */
  document: string
  title: string
  /** The headings above the text, outermost first; without the title when that is the first of them. */
  headings: readonly string[]
  text: string
  /** Estimated. */
  tokens: number
  /** Place in the document, from 0. */
  ordinal: number
}
