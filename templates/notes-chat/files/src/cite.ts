export interface Citations {
  /** Notes that the answer names and that the model was sent. */
  cited: string[]
  /** Notes that the answer names and that the model was not sent: don't trust them. */
  unknown: string[]
}

const CITATION = /\[([^\]\n]{1,300}\.(?:md|markdown|txt))\]/gi

/**
 * Compares the notes that an answer names in brackets, like [folder/note.md], with the notes that were sent.
 */
export function checkCitations(answer: string, sent: readonly string[]): Citations {
  const named = [...new Set([...answer.matchAll(CITATION)].map(([, name = '']) => name))]
  return {
    cited: named.filter((name) => sent.includes(name)),
    unknown: named.filter((name) => !sent.includes(name)),
  }
}
