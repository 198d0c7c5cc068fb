import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, inject, it } from 'vitest'
import { environment, generate, mustRun } from './generated.ts'
import { mutate, plain, realText } from './real-text.ts'
import { catalogue, type Variant } from './templates.ts'
import { commandsOf } from './workflow.ts'

const INSTALL_SCRIPTS =
  ':attr(scripts, [postinstall]), :attr(scripts, [install]), :attr(scripts, [preinstall])'

/** What every template must do on a stranger's machine; a new template is covered by existing. */
export function covers({ template, flags }: Variant, findNode: () => Promise<string | undefined>): void {
  let env: NodeJS.ProcessEnv
  let clone: string

  beforeAll(async () => {
    env = environment(await findNode())
    const project = await generate(template, ['--no-install', ...flags], env)
    clone = join(mkdtempSync(join(inject('home'), 'clone-')), 'demo')
    await mustRun('git', ['clone', '--quiet', project, clone], project, env)
  })

  it('passes its own CI workflow in a fresh clone, every command in order, as written', async () => {
    const workflows = join(clone, '.github/workflows')
    for (const file of readdirSync(workflows)) {
      const { steps, notReplayed } = commandsOf(readFileSync(join(workflows, file), 'utf8'))
      if (notReplayed.length > 0)
        console.log(`not replayed, for want of containers or a secret: ${file}: ${notReplayed.join(', ')}`)
      expect(steps.length + notReplayed.length).toBeGreaterThan(0)
      const summary = join(clone, '..', `${file}.summary.md`)
      writeFileSync(summary, '')
      for (const { run } of steps)
        await mustRun('bash', ['-e', '-c', run], clone, { ...env, CI: 'true', GITHUB_STEP_SUMMARY: summary })
      if (steps.length > 0) expect(readFileSync(summary, 'utf8')).toContain('|')
    }
    expect(await mustRun('git', ['status', '--porcelain'], clone, env)).toBe('')
    expect((await mustRun('git', ['log', '--oneline'], clone, env)).trim().split('\n')).toHaveLength(1)
    const { scripts } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'dev', 'check', 'eval:bless']))
    expect((await mustRun('npm', ['query', INSTALL_SCRIPTS], clone, env)).trim()).toBe('[]')
  })

  // What evaluates or serves others has no job of its own on a single text.
  const { job } = catalogue.templates.find(({ manifest }) => manifest.id === template)?.manifest ?? {}
  if (job === undefined) return

  it('does its job on a text that it has never seen, and follows when names and numbers change', async () => {
    const original = realText(join(clone, 'node_modules'))
    const { text, replacements } = mutate(original)
    expect(replacements.length).toBeGreaterThan(5)
    const about = async (document: string) => {
      const file = join(mkdtempSync(join(inject('home'), 'text-')), 'document.md')
      writeFileSync(file, document)
      const [program = '', ...args] = job.command.map((word) => word.replace('{file}', file))
      return mustRun(program, args, clone, env)
    }
    const [first, second] = [await about(original), await about(text)]
    expect(second).not.toBe(first)
    for (const [output, document] of [
      [first, original],
      [second, text],
    ] as const) {
      expectQuotesOnly(output, document)
    }
    expect(replacements.some((replacement) => second.includes(replacement))).toBe(true)
    expect(
      replacements.some((replacement) => first.includes(replacement) && !original.includes(replacement)),
    ).toBe(false)
    expect(await mustRun('git', ['status', '--porcelain'], clone, env)).toBe('')
  })
}

/** What an answer takes from its document stands there: each `quote` of a JSON answer to the letter, every run of words of any other. */
function expectQuotesOnly(output: string, document: string): void {
  if (output.startsWith('{')) {
    const quotes = quotesIn(JSON.parse(output))
    expect(quotes.length).toBeGreaterThan(3)
    for (const quote of quotes) expect(document).toContain(quote)
    return
  }
  const answer = plain(withoutSources(output))
  expect(answer.split(' ').length).toBeGreaterThan(10)
  expect(notIn(plain(document), answer)).toBe('')
}

/** An answer without the list of its sources below it: `[1] document.md: Title > Heading`. */
function withoutSources(output: string): string {
  return output.replaceAll(/^\[\d+\] document\.md: .+$/gm, '')
}

/** Every string under a key `quote`, however deep. */
function quotesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'quote' && typeof inner === 'string' ? [inner] : quotesIn(inner),
  )
}

/** What is left of an answer, without bullets and the numbers of its sources, after taking away, from its start, the longest run of words that stands in the document, again and again: nothing, if it only quotes. */
function notIn(document: string, answer: string): string {
  const words = answer.split(' ').filter((word) => !/^(?:[-•]|\[\d+\])$/.test(word))
  let start = 0
  while (start < words.length) {
    let end = words.length
    while (end > start && !document.includes(words.slice(start, end).join(' '))) end--
    // A quotation is a few words at least; only the last may be what is left of a sentence.
    if (end === start || (end - start < 4 && end < words.length)) return words.slice(start).join(' ')
    start = end
  }
  return ''
}
