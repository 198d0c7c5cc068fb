import { findBlocks } from '#kit/text/blocks'

/** Whole lines that belong together. */
export interface MarkdownBlock {
  kind: 'prose' | 'list' | 'code' | 'table'
  lines: string[]
}

/** The blocks between two headings of a document. */
export interface Section {
  /** The headings above it, outermost first. */
  headings: string[]
  blocks: MarkdownBlock[]
}

/**
 * The sections of a Markdown document, in order. Lines stay word for word; blank lines between blocks are
 * dropped. Front matter is a code block.
 */
export function splitSections(text: string): Section[] {
  const sections: Section[] = [{ headings: [], blocks: [] }]
  let path: { level: number; title: string }[] = [] // the open headings; documents skip levels
  for (const { kind, lines, heading } of findBlocks(text)) {
    if (heading !== undefined) {
      path = [...path.filter(({ level }) => level < heading.level), heading]
      sections.push({ headings: path.map(({ title }) => title), blocks: [] })
    } else if (kind !== 'heading') {
      sections.at(-1)?.blocks.push({ kind, lines: lines.map((line) => line.text) })
    }
  }
  return sections
}

/** The first heading of a document, whatever its level; undefined when it has none. */
export function pickFirstHeading(text: string): string | undefined {
  return findBlocks(text).find(({ heading }) => heading !== undefined)?.heading?.title
}
