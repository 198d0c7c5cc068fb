import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { environment, generate, mustRun } from '../packed/generated.ts'
import { catalogue, defaults } from '../packed/templates.ts'
import { startContainer, untilHealthy } from './container.ts'
import { ignores, parseDockerfile } from './dockerfile.ts'
import { buildImage, finalStage, type Image, place } from './image.ts'
import { nodeDirectory } from './nodes.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const withImage = defaults.filter(({ template }) =>
  catalogue.templates.some(({ manifest }) => manifest.id === template && manifest.layers.includes('docker')),
)

/** What has to be done in an image before it can serve: arguments of its program, run in its directory. */
const BEFORE: Record<string, string[]> = { 'rag-bot': ['ingest', 'docs'] }

describe.each(withImage)('the image of $label', ({ template }) => {
  let image: Image
  let project: string
  let env: NodeJS.ProcessEnv
  const read = (path: string) => readFileSync(join(project, path), 'utf8')

  beforeAll(async () => {
    env = environment(await nodeDirectory(24))
    project = await generate(template, ['--no-install', '--no-git'])
    // What must stay out, where a developer has it.
    writeFileSync(join(project, '.env'), 'OPENAI_API_KEY=not-for-an-image\n')
    mkdirSync(join(project, 'node_modules'))
    writeFileSync(join(project, 'node_modules/of-this-machine.js'), '')
    const home = mkdtempSync(join(inject('home'), 'image-'))
    image = await buildImage({ context: project, home, args: { COMMIT }, env })
  })

  it('is pinned by digest, not root, checked, and takes no secret as an argument', () => {
    const { stages } = parseDockerfile(read('Dockerfile'))
    for (const { image: base } of stages) expect(base).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}$/)
    const { steps } = finalStage({ stages })
    const user = steps.findLast((step) => step.kind === 'user')
    expect(user?.user).toMatch(/^[1-9]\d*(?::\d+)?$/)
    expect(steps.filter(({ kind }) => kind === 'healthcheck')).toHaveLength(1)
    const names = stages.flatMap((stage) => stage.steps.flatMap((step) => ('name' in step ? step.name : [])))
    expect(names.filter((name) => /key|token|secret|password/i.test(name))).toEqual([])
    const isLeftOut = ignores(read('.dockerignore'))
    for (const path of [
      '.env',
      '.env.local',
      'sub/.env',
      '.git/config',
      'node_modules/a',
      'reports/x',
      '.data/index',
    ])
      expect([path, isLeftOut(path)]).toEqual([path, true])
    for (const path of ['src/main.ts', 'package-lock.json', '.npmrc', 'tsconfig.json'])
      expect([path, isLeftOut(path)]).toEqual([path, false])
  })

  it('has what runs, and neither sources, secrets nor packages of development', () => {
    const has = (path: string) => existsSync(place(image, path))
    const there = ['dist/src/main.js', 'package.json', 'node_modules', '.data'].filter(has)
    expect(there).toHaveLength(4)
    const unwanted = [
      '.env',
      'src',
      'test',
      'evals',
      'docs-sample',
      '.git',
      'node_modules/of-this-machine.js',
    ]
    expect(unwanted.filter(has)).toEqual([])
    const { dependencies, devDependencies } = JSON.parse(read('package.json'))
    for (const name of Object.keys(dependencies)) expect(has(`node_modules/${name}`)).toBe(true)
    for (const name of ['vitest', 'typescript']) {
      expect(Object.keys(devDependencies)).toContain(name)
      expect(has(`node_modules/${name}`)).toBe(false)
    }
    expect(image.owned).toEqual({ '/app/.data': '1000:1000' })
  })

  it('starts, becomes healthy, says which commit it is, and ends with 0 when it is stopped', async () => {
    expect(image.cmd).toEqual(['node', 'dist/src/main.js', 'serve'])
    const before = BEFORE[template]
    if (before) {
      mkdirSync(place(image, 'docs'))
      writeFileSync(place(image, 'docs/backups.md'), '# Backups\n\nBackups are kept for 35 days.\n')
      await mustRun('node', ['dist/src/main.js', ...before], place(image, '.'), { ...env, ...image.env })
    }
    const container = await startContainer(image, env)
    try {
      await untilHealthy(container)
      const answered = await fetch(`${container.url}/healthz`)
      expect(await answered.json()).toMatchObject({ status: 'ok', commit: COMMIT })
      const ready = await fetch(`${container.url}/readyz`)
      expect(ready.status).toBe(200)
    } finally {
      expect(await container.stop()).toBe(0)
    }
    expect(await container.isHealthy()).toBe(false)
  })
})

describe('the runner', () => {
  it.each([
    'ADD a b',
    'RUN --mount=type=cache x',
    'CMD npm start',
    'ONBUILD RUN x',
    'COPY --link a b',
    'ENTRYPOINT ["x"]',
  ])('refuses what it does not know: %s', (line) =>
    expect(() => parseDockerfile(`FROM a\n${line}\n`)).toThrow('not understood'),
  )

  it.each(['RUN rm -rf /tmp/x', 'COPY nowhere ./', 'COPY --from=nobody a b', 'COPY .env ./', 'RUN false'])(
    'fails where an engine would, or where it could do harm: %s',
    async (line) => {
      const context = mkdtempSync(join(inject('home'), 'context-'))
      writeFileSync(join(context, 'Dockerfile'), `FROM a\nWORKDIR /app\n${line}\n`)
      writeFileSync(join(context, '.env'), '')
      writeFileSync(join(context, '.dockerignore'), '.env\n')
      const home = mkdtempSync(join(inject('home'), 'image-'))
      await expect(buildImage({ context, home, args: {}, env: environment() })).rejects.toThrow()
    },
  )
})
