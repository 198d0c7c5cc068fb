import { encoders } from '../encoders.ts'
import { UserError } from '../errors.ts'
import type { Portfolio, Words } from './portfolio.ts'
import { composeSections, type Group, type Item, LABELS, NOTHING_YET } from './sections.ts'

const BEGIN =
  '<!-- ai-eng-starter begin: `ai-eng-starter portfolio` rewrites this part. Write your own text above or below it. -->'
const BEGINS = /^<!-- ai-eng-starter begin\b.*-->$/m
const ENDS = /^<!-- ai-eng-starter end\b.*-->$/m
const FRESH = '# Portfolio\n'

/** A PORTFOLIO.md, split around its generated part; `inside` is null when there is none. */
export interface DocumentParts {
  above: string
  inside: string | null
  below: string
  /** Hash that the generated part had when it was written. */
  hash: string | null
}

/**
 * Splits a PORTFOLIO.md; a file without marks is all the learner's. Throws a UserError for marks that are not
 * one pair.
 */
export function splitParts(text: string | null): DocumentParts {
  if (text === null) return { above: FRESH, inside: null, below: '', hash: null }
  const [begin, end] = [BEGINS.exec(text), ENDS.exec(text)]
  if (!begin && !end) return { above: text, inside: null, below: '', hash: null }
  const from = begin ? begin.index + begin[0].length : -1
  if (!begin || !end || end.index < from || BEGINS.test(text.slice(from)))
    throw new UserError(
      'PORTFOLIO.md does not have exactly one begin mark and one end mark of ai-eng-starter',
      'Fix the two lines, or remove both: the rest then counts as your own text',
    )
  return {
    above: text.slice(0, begin.index),
    inside: text.slice(from, end.index).trim(),
    below: text.slice(end.index + end[0].length),
    hash: /\b[0-9a-f]{16}\b/.exec(end[0])?.[0] ?? null,
  }
}

/** The title and the paragraphs that the learner wrote above the generated part. */
export function parseWords({ above }: DocumentParts): Words {
  const title = /^# +(.+?)\s*$/m.exec(above)?.[1] ?? 'Portfolio'
  const intro = above
    .replace(/^# +.+$/m, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .trim()
  return { title, intro }
}

/** Replaces the generated part of PORTFOLIO.md; the rest stays the same, byte for byte. */
export function joinBlocks(
  { above, below, inside: was }: DocumentParts,
  inside: string,
  hash: string,
): string {
  const gap =
    above === '' || was !== null || above.endsWith('\n\n') ? '' : above.endsWith('\n') ? '\n' : '\n\n'
  return `${above}${gap}${BEGIN}\n\n${inside}\n\n<!-- ai-eng-starter end ${hash} -->${was === null ? '\n' : below}`
}

/** The generated part, without the marks around it. */
export function writeMarkdown(portfolio: Portfolio): string {
  const sections = composeSections(portfolio).map(({ heading, note, groups }) => {
    const blocks = [encoders.md(note), ...groups.map(writeGroup)].filter((text) => text !== '')
    return [`## ${heading}`, ...blocks].join('\n\n')
  })
  if (sections.length === 0) return NOTHING_YET
  const { asOf } = portfolio
  const source = 'Each line rests on a record of evidence in the repository that it describes.'
  const day = asOf === null ? '' : ` The newest record is of ${asOf}.`
  return [...sections, `${source}${day}`].join('\n\n')
}

function writeGroup({ heading, summary, links, items }: Group): string {
  const line = [encoders.md(summary), ...links.map(({ label, url }) => linkText(label, url))].filter(
    (text) => text !== '',
  )
  return [
    ...(heading === null ? [] : [`### ${encoders.md(heading)}`]),
    ...(line.length > 0 ? [line.join(' ')] : []),
    ...(items.length > 0 ? [items.map(writeItem).join('\n')] : []),
  ].join('\n\n')
}

function writeItem({ lead, text, standing, day, links, file }: Item): string {
  const label = LABELS[standing]
  const title = file === null ? encoders.md(lead) : linkText(lead, file)
  const when = day === null ? '' : `(${label === '' ? 'checked' : label} ${day})`
  const more = links.map(({ label: name, url }) => linkText(name, url))
  return `- ${[`**${title}**:`, encoders.md(text), when, ...more].filter((word) => word !== '').join(' ')}`
}

function linkText(label: string, url: string): string {
  return `[${encoders.md(label)}](<${url.replace(/[<>\\\s]/g, encodeURIComponent)}>)`
}
