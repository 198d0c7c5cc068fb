import * as z from 'zod/mini'
import { PORTFOLIO_FOLDER } from '../state/files.ts'
import { countNoun } from '../words.ts'
import { amount, common, count, line, variable, words } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind, makeLink } from './kind.ts'
import { collectFigures, findFigures, findPlaceholder, findTextLinks, splitWords } from './prose-text.ts'

export interface ProseFacts {
  /** The value of the gate's variable: a path in the roadmap folder. */
  path: string | undefined
  file: PostFile
  /** The data of all projects' records. */
  evidence: readonly Record<string, unknown>[]
}

/** What the path leads to. */
export type PostFile =
  | { kind: 'text'; text: string }
  | { kind: 'missing' | 'folder' | 'outside' | 'leads-out' }
  | { kind: 'other-case'; name: string; wanted: string }

const schema = z.strictObject({
  ...common,
  kind: z.literal('prose'),
  variable,
  minWords: amount,
  sections: z._default(z.array(line), []),
  /** Regular expressions; one of them has to match. */
  tradeOff: words,
  /** Whether the text must contain a number from the evidence. */
  needsNumber: z._default(z.boolean(), true),
  minLinks: z._default(count, 1),
})
const codes = [
  'no-path',
  'not-found',
  'wrong-case',
  'placeholder',
  'too-short',
  'no-section',
  'no-trade-off',
  'no-number',
  'no-link',
] as const
const evidence = z.looseObject({
  path: z.string(),
  title: z.nullable(z.string()),
  words: z.number(),
  links: z.array(z.string()),
})
type ProseFinding = Finding<(typeof codes)[number], z.infer<typeof evidence>>

/**
 * The form of a post: long enough, a trade-off, a number from evidence, a link, no placeholder. It cannot
 * judge whether the post is good.
 */
export const prose = defineKind({
  schema,
  codes,
  evidence,
  isScored: false,
  judge(gate, { path, file, evidence: data }: ProseFacts): ProseFinding {
    if (!path)
      return fail('no-path', { found: `${gate.variable} is not set`, wanted: 'the path of the post' })
    const wanted = 'a Markdown file below the roadmap folder'
    switch (file.kind) {
      case 'outside':
        return fail('not-found', { found: `${path} is outside the roadmap folder`, wanted })
      case 'leads-out':
        return fail('not-found', { found: `${path} is a link that leads outside`, wanted })
      case 'missing':
        return fail('not-found', { found: `there is no ${path}`, wanted, where: path })
      case 'folder':
        return fail('not-found', { found: `${path} is a folder`, wanted, where: path })
      case 'other-case':
        return fail('wrong-case', {
          found: `${file.name}, whose case differs`,
          wanted: file.wanted,
          where: path,
        })
      case 'text':
        return judgeText(gate, file.text, path, collectFigures(data))
      default:
        return file satisfies never
    }
  },
  portfolio: {
    part: 'post',
    label: 'A post about one choice',
    describe: (_, { title, words: length }) => ({ label: title ?? 'Post', text: countNoun(length, 'word') }),
    findLinks: (_, { links }) =>
      links.filter((url) => URL.canParse(url)).map((url) => makeLink('page', url, url)),
  },
})

function judgeText(
  gate: z.infer<typeof schema>,
  text: string,
  where: string,
  figures: ReadonlySet<string>,
): ProseFinding {
  const length = splitWords(text).length
  const placeholder = findPlaceholder(text)
  if (placeholder) return fail('placeholder', { found: `"${placeholder}"`, wanted: 'a finished text', where })
  if (length < gate.minWords)
    return fail('too-short', { found: `${length} words`, wanted: `${gate.minWords} or more`, where })
  const section = gate.sections.find((title) => !new RegExp(`^#+ +.*${title}`, 'imu').test(text))
  if (section)
    return fail('no-section', { found: `no section "${section}"`, wanted: gate.sections.join(', '), where })
  if (!gate.tradeOff.some((pattern) => new RegExp(pattern, 'iu').test(text)))
    return fail('no-trade-off', {
      found: 'no trade-off',
      wanted: 'the alternative, and what your choice costs',
      where,
    })
  const numbers = findFigures(text, figures)
  if (gate.needsNumber && numbers.length === 0)
    return fail('no-number', {
      found: 'no number from your evidence',
      wanted: 'a score, a count or a delta from your evidence',
      where,
    })
  const links = findTextLinks(text)
  if (links.length < gate.minLinks)
    return fail('no-link', { found: `${links.length} links`, wanted: `${gate.minLinks} or more`, where })
  const title = /^# +(.+)$/m.exec(text)?.[1] ?? null
  const data = { path: where, title, words: length, numbers, links }
  return pass(`${length} words, with ${numbers.slice(0, 4).join(', ')}`, data, where)
}

/**
 * The path of a post in the portfolio's folder, which is its own repository; null for a post elsewhere, which
 * can't be linked to.
 */
export function findPostInPortfolio({ path }: z.infer<typeof evidence>): string | null {
  return path.startsWith(`${PORTFOLIO_FOLDER}/`) ? path.slice(PORTFOLIO_FOLDER.length + 1) : null
}
