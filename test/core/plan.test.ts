import { describe, expect, it } from 'vitest'
import { compileText } from '../../build/compile.ts'
import type { Template } from '../../src/core/catalogue.ts'
import { type PlanInput, planProject } from '../../src/core/plan.ts'
import type { SourceFile } from '../../src/core/sources.ts'
import { hashSha256 } from '../../src/io/hash.ts'

const template = {
  manifest: { id: 'demo', title: 'Demo', kit: {}, renames: {} },
  dependencies: [],
} as unknown as Template

function source(owner: string, path: string, text = ''): SourceFile {
  if (path.endsWith('.hbs'))
    return { owner, path, source: { kind: 'text', compiled: compileText(text, path) } }
  return { owner, path, source: { kind: 'bytes', content: Buffer.from(text), sha256: 'baked' } }
}

function plan(sources: SourceFile[], more: Partial<PlanInput> = {}) {
  const answers = {
    name: { packageName: "o'brien", directoryName: "o'brien" },
    description: 'A & B',
    choices: {},
  }
  return planProject({
    hash: hashSha256,
    template,
    version: '1.2.3',
    layers: [{ id: 'base', summary: 'What every repo has', requires: [] }],
    sources,
    answers,
    ...more,
  })
}

function textOf(files: ReturnType<typeof plan>, path: string): string | undefined {
  return files.find((file) => file.path === path)?.content.toString('utf8')
}

describe('a plan', () => {
  it('copies a file that is not .hbs byte for byte, whatever is in it', () => {
    const bytes = Buffer.from([0, 255, 123, 123, 120, 125, 125])
    const files = plan([
      { owner: 'base', path: 'files/a.bin', source: { kind: 'bytes', content: bytes, sha256: 'baked' } },
    ])
    expect(files.find(({ path }) => path === 'a.bin')?.content).toEqual(bytes)
  })

  it('renders .hbs through encoders and leaves every other character alone', () => {
    const text = 'name: {{json name}} # $HOME {{md description}}\n'
    const files = plan([source('base', 'files/a.txt.hbs', text)])
    expect(textOf(files, 'a.txt')).toBe('name: "o\'brien" # $HOME A \\& B\n')
  })

  it('gives back the dotted names that npm pack drops, in any folder', () => {
    const paths = plan([source('base', 'files/_npmrc'), source('base', 'files/sub/_gitignore')]).map(
      ({ path }) => path,
    )
    expect(paths).toEqual(['.ai-eng/project.json', '.npmrc', 'package.json', 'sub/.gitignore'])
  })

  it('joins parts in the order of their names, across layers', () => {
    const files = plan([
      source('llm', 'parts/README.md/20-b.md', 'second\n'),
      source('base', 'parts/README.md/30-c.md', '\nthird'),
      source('demo', 'parts/README.md/10-a.md', 'first'),
    ])
    expect(textOf(files, 'README.md')).toBe('first\n\nsecond\n\nthird\n')
    expect(files.find(({ path }) => path === 'README.md')?.from).toEqual(['demo', 'llm', 'base'])
  })

  it.each([
    ['the same path', 'files/a.ts', 'files/a.ts'],
    ['a path that differs in case only', 'files/a.ts', 'files/A.ts'],
    ['a part and a whole file', 'files/README.md', 'parts/README.md/10-a.md'],
  ])('refuses %s from two owners and names both', (_, first, second) => {
    expect(() => plan([source('base', first), source('demo', second)])).toThrow(/base.*demo|demo.*base/)
  })

  it.each(['files/../../etc/passwd', 'files//etc/passwd', 'files/a/../b', 'files/a\\b'])(
    'refuses the path %s',
    (path) => {
      expect(() => plan([source('base', path)])).toThrow('not a path inside the project')
    },
  )

  it('records where the project comes from and a hash of every file, copied or rendered', () => {
    const files = plan([source('base', 'files/a.ts')])
    const rendered = {
      'package.json': `sha256-${hashSha256(Buffer.from(textOf(files, 'package.json') ?? ''))}`,
    }
    expect(JSON.parse(textOf(files, '.ai-eng/project.json') ?? '')).toEqual({
      schemaVersion: 1,
      template: 'demo',
      templateVersion: '1.2.3',
      options: {},
      layers: ['base'],
      files: { 'a.ts': 'sha256-baked' },
      rendered,
    })
  })
})

describe('kit/', () => {
  const using = (owner: string, path: string, uses: string[]): SourceFile => ({
    owner,
    path,
    source: { kind: 'bytes', content: Buffer.from(''), sha256: 'baked', uses },
  })
  const paths = (sources: SourceFile[]) => plan(sources).map(({ path }) => path)

  it('holds what the repo reaches, over any number of steps and round a circle, and nothing else', () => {
    const found = paths([
      using('demo', 'files/src/main.ts', ['kit/base/a.ts']),
      using('base', 'files/kit/base/a.ts', ['kit/base/b.ts']),
      using('base', 'files/kit/base/b.ts', ['kit/base/a.ts', 'kit/base/c.ts']),
      source('base', 'files/kit/base/c.ts'),
      using('base', 'files/kit/base/lonely.ts', ['kit/base/a.ts']),
    ])
    expect(found.filter((path) => path.startsWith('kit/'))).toEqual([
      'kit/README.md',
      'kit/base/a.ts',
      'kit/base/b.ts',
      'kit/base/c.ts',
    ])
  })

  it('is refused, naming both files, when something in it is used and not there', () => {
    expect(() => plan([using('demo', 'files/src/main.ts', ['kit/base/gone.ts'])])).toThrow(
      'demo: files/src/main.ts uses kit/base/gone.ts',
    )
  })

  it('gives a file to src/ where it is a lesson, and what imports it from kit/ gets it from there', () => {
    const lesson = structuredClone(template)
    lesson.manifest.renames = { 'kit/base/a.ts': 'src/a.ts' }
    const files = plan(
      [using('base', 'files/kit/base/b.ts', ['kit/base/a.ts']), using('base', 'files/kit/base/a.ts', [])],
      { template: lesson },
    )
    expect(files.map(({ path }) => path)).toEqual(['.ai-eng/project.json', 'package.json', 'src/a.ts'])
    expect(JSON.parse(textOf(files, 'package.json') ?? '').imports).toEqual({
      '#kit/base/a': { types: './src/a.ts', development: './src/a.ts', default: './dist/src/a.js' },
    })
  })

  it('has a README with the version and a line for each folder, and a repo without a kit has none', () => {
    const files = plan([
      using('demo', 'files/src/main.ts', ['kit/base/a.ts']),
      source('base', 'files/kit/base/a.ts'),
    ])
    expect(textOf(files, 'kit/README.md')).toMatch(
      /ai-eng-starter 1\.2\.3[\s\S]*- `base\/` What every repo has\.\n$/,
    )
    expect(paths([source('demo', 'files/src/main.ts')])).not.toContain('kit/README.md')
  })
})

describe('compiling a .hbs text', () => {
  it.each([
    '{{name}}',
    '{{{md name}}}',
    '{{#if x}}{{/if}}',
    '{{> p}}',
    '{{md}}',
    '{{md name description}}',
    '{{lookup . name}}',
    '$' + '{{ secrets.X }}',
  ])('refuses %s, which could let user text in raw or hide a condition', (text) => {
    expect(() => compileText(text, 'README.md.hbs')).toThrow('README.md.hbs:1')
  })

  it('refuses a value that does not exist, so that none can come out empty', () => {
    expect(() => compileText('{{md nope}}', 'README.md.hbs')).toThrow('md takes one of: name, description')
  })

  it('renders values that look like templates as they are', () => {
    const name = { packageName: 'a', directoryName: 'a' }
    const answers = { name, description: '{{x}} {{{y}}} {{#each}} {{> p}}', choices: {} }
    const files = plan([source('base', 'files/a.hbs', '{{json description}}')], { answers })
    expect(JSON.parse(textOf(files, 'a') ?? '')).toBe(answers.description)
  })
})
