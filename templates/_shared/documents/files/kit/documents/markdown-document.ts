import { decodeText } from '#kit/files/text'
import type { DocumentParts } from './formats.ts'
import { splitFrontMatter } from './front-matter.ts'
import { findFirstHeading, stripHiddenMarkdown } from './markdown.ts'
import { readDialects } from './markdown-dialects.ts'

/** Reads Markdown without its front matter, which is metadata, and without what a reader doesn't see. */
export function readMarkdown(bytes: Buffer, dialect: 'md' | 'mdx'): DocumentParts {
  const { metadata, body } = splitFrontMatter(decodeText(bytes))
  const text = readDialects(stripHiddenMarkdown(body, dialect))
  const { title, ...others } = metadata
  return { title: title === undefined ? findFirstHeading(text) : String(title), metadata: others, text }
}
