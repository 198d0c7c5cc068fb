import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { scanTemplates } from '../../build/scan.ts'
import { resolveLayers } from '../../src/core/catalogue.ts'
import { planProject } from '../../src/core/plan.ts'
import { translateArguments, translateCommands } from '../../src/core/pm/commands.ts'
import {
  checkManagerName,
  formatManager,
  type PackageManager,
  parseManager,
  pinManager,
  readUserAgent,
} from '../../src/core/pm/name.ts'
import { translatePackageJson } from '../../src/core/pm/project.ts'
import { findWords } from '../../src/core/pm/words.ts'
import { translateStep } from '../../src/core/roadmap/translate-step.ts'
import { collectSources } from '../../src/core/sources.ts'
import { hashSha256 } from '../../src/io/hash.ts'

const PNPM: PackageManager = { name: 'pnpm', version: '12.4.2' }
const YARN: PackageManager = { name: 'yarn', version: '4.18.1' }
const CLASSIC: PackageManager = { name: 'yarn', version: '1.22.22' }
const BUN: PackageManager = { name: 'bun', version: '1.4.5' }

describe('the package manager of a run', () => {
  it.each([
    ['pnpm/12.4.2 npm/? node/v24.1.0 linux x64', 'pnpm@12.4.2'],
    ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 'yarn@1.22.22'],
    ['yarn/4.18.1 npm/? node/v20.20.2 linux x64', 'yarn@4.18.1'],
    ['bun/1.4.5 npm/? node/v24.3.0 linux x64', 'bun@1.4.5'],
    ['npm/11.19.1 node/v20.20.2 linux x64 workspaces/false', 'npm'],
    ['cnpm/9.4.0 npminstall/7.0.0', 'npm'],
    ['pnpm/$(touch PWNED) npm/?', 'npm'],
    ['', 'npm'],
    [undefined, 'npm'],
  ])('is read from the user agent %j', (agent, wanted) => {
    expect(formatManager(readUserAgent(agent))).toBe(wanted)
  })

  it('survives a round trip through .ai-eng/project.json, where npm is not named', () => {
    for (const manager of [PNPM, YARN, CLASSIC, BUN])
      expect(parseManager(formatManager(manager))).toEqual(manager)
    for (const text of [undefined, 'npm', 'pnpm', 'deno@2.0.0', 'pnpm@latest; rm -rf /'])
      expect(parseManager(text).name).toBe('npm')
  })

  it('is refused when it is unknown, with the nearest name, or too old to read its settings', () => {
    expect(() => checkManagerName('pnmp')).toThrow('Unknown value for --pm "pnmp"')
    expect(() => pinManager('pnpm', '9.15.0')).toThrow('pnpm 9.15.0 is too old')
    expect(() => pinManager('bun', '1.1.38')).toThrow('bun 1.1.38 is too old')
    expect(pinManager('pnpm', '10.5.0').version).toBe('10.5.0')
  })

  it('has a version even when it is not installed, so that workflows can install one', () => {
    expect(pinManager('pnpm', undefined).version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(pinManager('bun', 'command not found').version).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('a command', () => {
  it.each([
    ['npm install', 'pnpm install', 'yarn install', 'bun install'],
    [
      'npm ci --ignore-scripts',
      'pnpm install --frozen-lockfile --ignore-scripts',
      'yarn install --immutable --mode=skip-build',
      'bun install --frozen-lockfile --ignore-scripts',
    ],
    ['npm test', 'pnpm run test', 'yarn run test', 'bun run test'],
    [
      'npm start -- a.md --json',
      'pnpm run start a.md --json',
      'yarn run start a.md --json',
      'bun run start a.md --json',
    ],
    [
      'npm run eval:bless -- --reason "why"',
      'pnpm run eval:bless --reason "why"',
      'yarn run eval:bless --reason "why"',
      'bun run eval:bless --reason "why"',
    ],
    [
      'a | npm start --silent -- x',
      'a | pnpm --silent run start x',
      'a | yarn run --silent start x',
      'a | bun run --silent start x',
    ],
    [
      'npm run --silent ask -- "q"',
      'pnpm --silent run ask "q"',
      'yarn run --silent ask "q"',
      'bun run --silent ask "q"',
    ],
    ['npx vitest run -u', 'pnpm exec vitest run -u', 'yarn run vitest run -u', 'bunx vitest run -u'],
    [
      'npx @scope/tool@2 --cli',
      'pnpm dlx @scope/tool@2 --cli',
      'yarn dlx @scope/tool@2 --cli',
      'bunx @scope/tool@2 --cli',
    ],
    ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'],
    [
      'run `npm run eval`, then',
      'run `pnpm run eval`, then',
      'run `yarn run eval`, then',
      'run `bun run eval`, then',
    ],
    ['as npm does', 'as npm does', 'as npm does', 'as npm does'],
    [
      '"lightningcss": "npm:picomatch@^4"',
      '"lightningcss": "npm:picomatch@^4"',
      '"lightningcss": "npm:picomatch@^4"',
      '"lightningcss": "npm:picomatch@^4"',
    ],
  ])('%j reads %j with pnpm', (text, pnpm, yarn, bun) => {
    expect(translateCommands(text, findWords(PNPM))).toBe(pnpm)
    expect(translateCommands(text, findWords(YARN))).toBe(yarn)
    expect(translateCommands(text, findWords(BUN))).toBe(bun)
  })

  it('keeps the columns of a list of commands', () => {
    const list =
      'npm start                  # talk\nnpm run ask -- "question"  # ask\n  x                        # neither'
    expect(translateCommands(list, findWords(PNPM))).toBe(
      'pnpm run start             # talk\npnpm run ask "question"    # ask\n  x                        # neither',
    )
  })

  it('is translated as a list of words too, without touching an argument', () => {
    const words = ['npm', 'run', '--silent', 'ask', '--', '--docs', '{file}', 'What does npm test do?']
    expect(translateArguments(words, findWords(PNPM))).toEqual([
      ...['pnpm', '--silent', 'run', 'ask'],
      ...['--docs', '{file}', 'What does npm test do?'],
    ])
  })
})

describe('package.json', () => {
  const json = {
    scripts: { check: 'npm run types && npm test', types: 'tsc', posttypes: 'tsc -p public', preview: 'x' },
    overrides: { a: 'npm:b@^1' },
  }

  it('names the manager, and pins packages below others where that manager reads it', () => {
    expect(translatePackageJson(json, PNPM)).toEqual({
      scripts: { ...json.scripts, check: 'pnpm run types && pnpm run test' },
      packageManager: 'pnpm@12.4.2',
    })
    expect(translatePackageJson(json, YARN)).toMatchObject({ resolutions: json.overrides })
    expect(translatePackageJson(json, BUN)).toMatchObject({ overrides: json.overrides })
    expect(translatePackageJson(json, { name: 'npm', version: '' })).toBe(json)
  })

  it('runs what comes before and after a script in the script itself with Yarn, which ignores pre and post', () => {
    expect(translatePackageJson(json, YARN)['scripts']).toEqual({
      check: 'yarn run types && yarn run test',
      preview: 'x',
      types: 'tsc && tsc -p public',
    })
  })
})

const { catalogue, packs, roadmap } = scanTemplates('templates', '0.0.0')
const packOf = (owner: string) => packs.get(owner) ?? new Map()
const repos = catalogue.templates.flatMap((template) =>
  [PNPM, YARN, CLASSIC, BUN].map((manager) => ({
    template,
    manager,
    label: `${template.manifest.id} with ${formatManager(manager)}`,
  })),
)

describe.each(repos)('$label', ({ template, manager }) => {
  const choices = {}
  const layers = resolveLayers(catalogue.layers, template.manifest, choices, manager.name)
  const sources = collectSources(template.manifest, choices, layers, packOf)
  const answers = { name: { packageName: 'x', directoryName: 'x' }, description: 'x', choices }
  const plan = (given: PackageManager) =>
    planProject({ template, version: '0.0.0', layers, sources, answers, manager: given, hash: hashSha256 })
  const files = new Map(plan(manager).map(({ path, content }) => [path, content.toString('utf8')]))
  const words = findWords(manager)

  it('names no command of npm outside of code, samples and the install of the manager itself', () => {
    const told = [...files].filter(([path]) =>
      /^(?:[^/]+\.md|docs\/|\.github\/|Dockerfile|\.env\.example|compose|package\.json|\.ai-eng\/)/.test(
        path,
      ),
    )
    const left = told.flatMap(([path, text]) =>
      text
        .split('\n')
        .filter((line) => !line.includes('"npm run …"'))
        .map((line) => line.replace(`npm install --global ${words.globalPackage}@${manager.version}`, ''))
        .filter((line) =>
          /\bnpm (?:run|start|test|ci|install|prune|exec)\b|\bnpx |cache: npm|package-lock/.test(line),
        )
        .filter((line) => words.download !== 'npx' || !/\bnpx [@\w]/.test(line))
        .map((line) => `${path}: ${line}`),
    )
    expect(told.length).toBeGreaterThan(8)
    expect(left).toEqual([])
  })

  it('has workflows that parse, and install the pinned manager before they install packages', () => {
    const workflows = [...files].filter(([path]) => path.startsWith('.github/workflows/'))
    expect(workflows.length).toBeGreaterThan(0)
    const setup = `npm install --global ${words.globalPackage}@${manager.version} && ${words.ciWithoutScripts}`
    expect(workflows.map(([, text]) => text).join('\n')).toContain(setup)
    for (const [, text] of workflows) expect(Object.keys(parse(text).jobs).length).toBeGreaterThan(0)
  })

  it('leaves code and samples byte for byte as they came', () => {
    const before = new Map(plan({ name: 'npm', version: '' }).map(({ path, content }) => [path, content]))
    const changed = [...files].flatMap(([path, text]) =>
      before.has(path) && before.get(path)?.toString('utf8') !== text ? [path] : [],
    )
    expect(changed).toContain('README.md')
    expect(
      changed.filter((path) => /^(?:src|test|evals|kit\/.+\/|public)\b|sample|^incidents/.test(path)),
    ).toEqual([])
  })

  it('says in its README that this manager is not the tested one', () => {
    const readme = files.get('README.md') ?? ''
    expect(readme).toMatch(/is not the tested package manager/)
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(93)
  })
})

describe('a gate', () => {
  it('runs and names the commands of the manager, and counts its lock file among its inputs', () => {
    const step = roadmap.steps.find(({ id }) => id === 'summariser')
    if (!step) throw new Error('no step')
    const spoken = translateStep(step, PNPM, roadmap.codes)
    expect(JSON.stringify(spoken.gates)).not.toMatch(/\bnpm (?:run|ci|test|start)\b|\bnpx\b|package-lock/)
    const own = spoken.gates.find(({ id }) => id === 'own-test')
    expect(own).toMatchObject({ argv: expect.arrayContaining(['pnpm', 'exec', 'vitest']) })
    const ci = spoken.gates.find(({ kind }) => kind === 'ci')
    expect(ci?.inputs).toContain('pnpm-lock.yaml')
    expect(own?.codes['not-installed']).toContain('pnpm install --frozen-lockfile')
    expect(spoken.gates.map(({ hash }) => hash)).toEqual(step.gates.map(({ hash }) => hash))
    expect(translateStep(step, PNPM, roadmap.codes)).toBe(spoken)
  })
})
