import MiniSearch from 'minisearch'
import { type Note, type Section, sectionsOf } from './sections.ts'
import { termOf, termsOf, wordsOf } from './terms.ts'

/** Lexical search over notes: it finds the words of a question, or words with the same stem, and nothing else. */
export class NotesIndex {
  readonly notes: readonly Note[]
  readonly sections: readonly Section[]
  readonly #search: MiniSearch<Section>
  readonly #documentFrequency = new Map<string, number>()

  constructor(notes: readonly Note[]) {
    this.notes = notes
    this.sections = sectionsOf(notes)
    this.#search = new MiniSearch<Section>({
      fields: ['note', 'title', 'heading', 'text'],
      tokenize: wordsOf,
      processTerm: (word) => termOf(word) ?? null,
    })
    this.#search.addAll(this.sections)
    for (const { title, heading, text } of this.sections) {
      for (const term of new Set(termsOf(`${title} ${heading} ${text}`)))
        this.#documentFrequency.set(term, (this.#documentFrequency.get(term) ?? 0) + 1)
    }
  }

  /** Sections that share a term with the query, best first (BM25+; headings count a little more than the text below them). */
  find(query: string, limit: number): Section[] {
    if (termsOf(query).length === 0) return this.#beginnings().slice(0, limit)
    const results = this.#search.search(query, { boost: { note: 0.5, title: 1.2, heading: 1.5 } })
    return results.slice(0, limit).flatMap(({ id }) => this.sections[id] ?? [])
  }

  /** For a query without a subject: the first section of every note, then the second of every note, and so on. */
  #beginnings(): Section[] {
    const seen = new Map<string, number>()
    const numbered = this.sections.map((section) => {
      const number = seen.get(section.note) ?? 0
      seen.set(section.note, number + 1)
      return { section, number }
    })
    return numbered.sort((a, b) => a.number - b.number).map(({ section }) => section)
  }

  /** How much each term of a text says: its inverse document frequency as in BM25. A term that no note has counts as rare. */
  weights(text: string): Record<string, number> {
    const count = this.sections.length
    const weight = (term: string) => {
      const frequency = Math.max(1, this.#documentFrequency.get(term) ?? 0)
      return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
    }
    return Object.fromEntries(termsOf(text).map((term) => [term, weight(term)]))
  }
}
