import { describe, expect, it } from 'vitest'
import {
  type Catalogue,
  checkChoices,
  findLock,
  findTemplate,
  listLockedChoices,
  resolveLayers,
} from '../../src/core/catalogue.ts'
import { parseManifest, templateManifest } from '../../src/core/manifest.ts'

const bot = {
  formatVersion: 1,
  id: 'bot',
  title: 'Bot',
  milestone: 'm2',
  summary: 'Answers',
  layers: ['base'],
  options: {
    store: {
      title: 'Where vectors live',
      default: 'pgvector',
      changesDependencies: true,
      values: { pgvector: { title: 'Embedded', layers: ['store-pgvector'] }, chroma: { title: 'Chroma' } },
    },
  },
  job: { command: ['npm', 'start', '--', '{file}'] },
  next: ['npm test'],
}
const manifest = parseManifest(templateManifest, JSON.stringify(bot), 'template.json')
const layers = [
  { id: 'base', summary: 'x', requires: [] },
  { id: 'store-pgvector', summary: 'x', requires: ['console'] },
  { id: 'console', summary: 'x', requires: ['base'] },
]
const catalogue: Catalogue = {
  version: '1.0.0',
  milestones: [{ id: 'm2', title: 'RAG', days: '31-60', summary: 'x' }],
  layers,
  templates: [{ manifest, dependencies: [] }],
}

describe('a target', () => {
  const parse = (start: unknown) =>
    parseManifest(
      templateManifest,
      JSON.stringify({
        ...bot,
        target: { start, url: 'http://127.0.0.1:8080', path: '/ask', format: 'json' },
      }),
      'template.json',
    )

  it('says how it is started as a list of words, so that no shell has to read them', () => {
    expect(parse(['npm', 'run', 'serve']).target?.start).toEqual(['npm', 'run', 'serve'])
    for (const start of ['npm run serve', [], ['']]) expect(() => parse(start)).toThrow('target.start')
  })
})

describe('choices', () => {
  it('bring their layers after the template’s own, each after those that it requires, and their lock file', () => {
    const ids = (store: string) => resolveLayers(layers, manifest, { store }).map(({ id }) => id)
    expect(ids('pgvector')).toEqual(['base', 'console', 'store-pgvector'])
    expect(ids('chroma')).toEqual(['base'])
    expect(findLock(manifest, { store: 'chroma' })).toBe('locks/chroma.json')
    expect(listLockedChoices(manifest)).toEqual([{ store: 'pgvector' }, { store: 'chroma' }])
  })

  it.each([
    [{ store: 'chrma' }, 'Did you mean chroma?'],
    [{ store: 'constructor' }, 'Known: pgvector, chroma'],
    [{ ci: 'github' }, 'Its options: --store'],
    [JSON.parse('{"__proto__":"x"}'), 'Its options: --store'],
  ])('%j are refused with the known ones', (given, hint) => {
    expect(() => checkChoices(manifest, given)).toThrow(
      expect.objectContaining({ exitCode: 2, hint: expect.stringContaining(hint) }),
    )
  })
})

describe('a template', () => {
  it.each(['bto', '../../etc', 'constructor', '', 'BOT\u202e'])(
    'called %j is unknown, and the known ones are listed',
    (id) => {
      expect(() => findTemplate(catalogue, id)).toThrow(
        expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('bot') }),
      )
    },
  )
})

describe('a manifest', () => {
  it.each([
    [{ titel: 'x' }, /\(whole file\).*titel/],
    [{ summary: undefined }, /summary: /],
    [{ options: { store: { ...bot.options.store, default: 'none' } } }, /options\.store: default is not one/],
    [
      { options: { store: bot.options.store, pm: bot.options.store } },
      /at most one option may change dependencies/,
    ],
  ])('with %j is refused, naming file and field', (change, problem) => {
    expect(() =>
      parseManifest(templateManifest, JSON.stringify({ ...bot, ...change }), 'a/template.json'),
    ).toThrow(problem)
    expect(() =>
      parseManifest(templateManifest, JSON.stringify({ ...bot, ...change }), 'a/template.json'),
    ).toThrow('a/template.json: ')
  })

  it('that is not JSON is refused, naming the file', () => {
    expect(() => parseManifest(templateManifest, '{', 'a/template.json')).toThrow(
      'a/template.json: not valid JSON',
    )
  })
})
