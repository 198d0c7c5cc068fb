import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { type Finding, failing, passed } from '../../core/gates/finding.ts'
import { figuresIn, figuresOf, linksIn, placeholderIn, proseWords } from '../../core/gates/prose.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'
import type { GateWorld } from './world.ts'

/** The form of a post: long enough, a trade-off, a number that evidence holds, a link, nothing left to be filled in. Whether it is good it cannot say. */
export function checkProse(gate: GateOf<'prose'>, { folder }: GateWorld): Finding {
  const path = folder.settings.vars[gate.variable]
  if (!path)
    return failing('no-path', { found: `${gate.variable} is not set`, wanted: 'the path of the post' })
  const file = join(folder.directory, path)
  const missing = missingFile(folder.directory, file, path)
  if (missing) return missing
  const text = readFileSync(file, 'utf8')
  return judge(gate, text, path, figuresOf(evidenceOf(folder)))
}

function missingFile(root: string, file: string, path: string): Finding | undefined {
  const wanted = 'a Markdown file below the roadmap folder'
  if (relative(root, file).startsWith('..'))
    return failing('not-found', { found: `${path} is outside the roadmap folder`, wanted })
  const names = existsSync(dirname(file)) ? readdirSync(dirname(file)) : []
  if (names.includes(basename(file))) {
    const isInside = !relative(realpathSync(root), realpathSync(file)).startsWith('..')
    return isInside ? undefined : failing('not-found', { found: `${path} is a link that leads out`, wanted })
  }
  const twin = names.find((name) => name.toLowerCase() === basename(file).toLowerCase())
  if (twin)
    return failing('wrong-case', {
      found: `${twin}, whose case differs`,
      wanted: basename(file),
      where: path,
    })
  return failing('not-found', { found: `there is no ${path}`, wanted, where: path })
}

function evidenceOf({ projects }: GateWorld['folder']): Record<string, unknown>[] {
  return projects.flatMap(({ evidence }) => evidence.map(({ data }) => data))
}

function judge(gate: GateOf<'prose'>, text: string, where: string, figures: ReadonlySet<string>): Finding {
  const words = proseWords(text).length
  const placeholder = placeholderIn(text)
  if (placeholder)
    return failing('placeholder', { found: `"${placeholder}"`, wanted: 'a finished text', where })
  if (words < gate.minWords)
    return failing('too-short', { found: `${words} words`, wanted: `${gate.minWords} or more`, where })
  const section = gate.sections.find((title) => !new RegExp(`^#+ +.*${title}`, 'imu').test(text))
  if (section)
    return failing('no-section', {
      found: `no section "${section}"`,
      wanted: gate.sections.join(', '),
      where,
    })
  if (!gate.tradeOff.some((pattern) => new RegExp(pattern, 'iu').test(text)))
    return failing('no-trade-off', {
      found: 'no trade-off is named',
      wanted: 'what was possible instead, and what it costs',
      where,
    })
  const numbers = figuresIn(text, figures)
  if (gate.needsNumber && numbers.length === 0)
    return failing('no-number', {
      found: 'no number that your evidence holds',
      wanted: 'a score, a count or a delta of yours',
      where,
    })
  const links = linksIn(text)
  if (links.length < gate.minLinks)
    return failing('no-link', { found: `${links.length} links`, wanted: `${gate.minLinks} or more`, where })
  const title = /^# +(.+)$/m.exec(text)?.[1] ?? null
  return passed(
    `${words} words, with ${numbers.slice(0, 4).join(', ')}`,
    { path: where, title, words, numbers, links },
    where,
  )
}
