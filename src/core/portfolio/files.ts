import { UserError } from '../errors.ts'
import { toJson } from '../package-json.ts'
import { type DocumentParts, joinBlocks, parseWords, splitParts, writeMarkdown } from './markdown.ts'
import { renderPage } from './page.ts'
import type { Portfolio, Words } from './portfolio.ts'
import { STYLE } from './style.ts'

export const FILES = { text: 'PORTFOLIO.md', data: 'portfolio.json', page: 'index.html' } as const
type FileName = (typeof FILES)[keyof typeof FILES]

/** The present text of each file; null when it does not exist. */
export type Present = Record<FileName, string | null>

export interface PlannedPortfolioFile {
  name: FileName
  content: string
  /** `kept`: the learner wrote the file, or edited what was generated, so it stays unchanged. */
  change: 'new' | 'written' | 'unchanged' | 'kept'
}

/** Hash functions, in two encodings; `core` has none. */
export interface Digest {
  hex: (text: string) => string
  base64: (text: string) => string
}

export function readWords(present: Present): Words {
  return parseWords(splitParts(present[FILES.text]))
}

/**
 * Plans the three files of a portfolio, next to the learner's own. Throws a UserError for a `portfolio.json`
 * that we did not generate.
 */
export function planFiles(portfolio: Portfolio, present: Present, digest: Digest): PlannedPortfolioFile[] {
  const short = (text: string) => digest.hex(text).slice(0, 16)
  return [
    planText(splitParts(present[FILES.text]), present[FILES.text], writeMarkdown(portfolio), short),
    planData(present[FILES.data], toJson(portfolio)),
    planPage(
      present[FILES.page],
      renderPage(portfolio, { style: STYLE, styleHash: digest.base64(STYLE) }),
      short,
    ),
  ]
}

/** Whether the present `portfolio.json` was generated with the skipped gates listed. */
export function listsSkipped(present: Present): boolean {
  return /"skipped": \{\s*"count": \d+,\s*"shown": true/.test(present[FILES.data] ?? '')
}

type Hash = (text: string) => string

function planText(
  parts: DocumentParts,
  present: string | null,
  inside: string,
  hash: Hash,
): PlannedPortfolioFile {
  const content = joinBlocks(parts, inside, hash(inside))
  const isTheirs = parts.inside !== null && parts.hash !== hash(parts.inside)
  return { name: FILES.text, content, change: isTheirs ? 'kept' : changeOf(present, content) }
}

function planData(present: string | null, content: string): PlannedPortfolioFile {
  if (present !== null && !/"schema": *"portfolio\.v1"/.test(present))
    throw new UserError(
      'portfolio/portfolio.json was not written by ai-eng-starter',
      'Rename it: the generated data needs this name',
    )
  return { name: FILES.data, content, change: changeOf(present, content) }
}

const SEAL = /<!-- ai-eng-starter ([0-9a-f]{16}) -->\n$/

/** The page ends with a hash of itself, to detect that the learner edited it. */
function planPage(present: string | null, page: string, hash: Hash): PlannedPortfolioFile {
  const content = `${page}<!-- ai-eng-starter ${hash(page)} -->\n`
  const seal = present === null ? null : SEAL.exec(present)
  const isTheirs = present !== null && (!seal || hash(present.slice(0, seal.index)) !== seal[1])
  return { name: FILES.page, content, change: isTheirs ? 'kept' : changeOf(present, content) }
}

function changeOf(present: string | null, content: string): 'new' | 'written' | 'unchanged' {
  if (present === null) return 'new'
  return present === content ? 'unchanged' : 'written'
}
