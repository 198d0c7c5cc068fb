/** A note as read from disk: `name` is its path below the notes folder, with forward slashes. */
export interface Note {
  name: string
  text: string
}

/** What is searched and sent: the text below one heading of a note, or a part of it when that is long. */
export interface Section {
  id: number
  note: string
  title: string
  /** The headings above the text, outermost first, joined; empty when there is none. */
  heading: string
  text: string
}

const MAX_CHARACTERS = 1_600 // about 400 tokens: several sections should fit next to each other
const HEADING = /^ {0,3}(#{1,6})\s+(.{1,300}?)\s*#*$/
const CODE_FENCE = /^ {0,3}(?:```|~~~)/

/** Cuts notes at their headings. A heading without text below it is no section; it stays above the others. */
export function sectionsOf(notes: readonly Note[]): Section[] {
  const sections = notes.flatMap(({ name, text }) => {
    const parts = splitAtHeadings(text)
    const title = parts.find(({ headings }) => headings.length > 0)?.headings[0] ?? name
    return parts.flatMap(({ headings, lines }) =>
      pieces(lines.join('\n')).map((piece) => ({
        note: name,
        title,
        heading: headings.join(' > '),
        text: piece,
      })),
    )
  })
  return sections.map((section, id) => ({ id, ...section }))
}

interface Part {
  headings: string[]
  lines: string[]
}

function splitAtHeadings(text: string): Part[] {
  let part: Part = { headings: [], lines: [] }
  const parts = [part]
  let inCode = false
  for (const line of text.split(/\r\n?|\n/)) {
    if (CODE_FENCE.test(line)) inCode = !inCode
    const [, marks = '', heading] = (!inCode && HEADING.exec(line.slice(0, 400))) || []
    if (heading === undefined) {
      part.lines.push(line)
      continue
    }
    part = { headings: [...part.headings.slice(0, marks.length - 1), heading], lines: [] }
    parts.push(part)
  }
  return parts
}

const WITHIN_A_PARAGRAPH = new RegExp(`[^]{1,${MAX_CHARACTERS}}(?=\\s|$)|[^]{1,${MAX_CHARACTERS}}`, 'g')

/** Whole paragraphs together up to the limit; a paragraph over it is cut between words where it can be. */
function pieces(text: string): string[] {
  const paragraphs = text
    .split(/\n[^\S\n]*\n\s*/)
    .flatMap((paragraph) => paragraph.match(WITHIN_A_PARAGRAPH) ?? [])
  const result: string[] = []
  for (const paragraph of paragraphs.map((text) => text.trim()).filter(Boolean)) {
    const last = result.at(-1)
    if (last !== undefined && last.length + paragraph.length < MAX_CHARACTERS)
      result[result.length - 1] = `${last}\n\n${paragraph}`
    else result.push(paragraph)
  }
  return result
}
