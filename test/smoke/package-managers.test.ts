import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { environment, mustRun } from '../packed/generated.ts'

/** As the workflows of a generated repo install them. */
const MANAGERS = [
  { name: 'pnpm', from: 'pnpm@12.4.2', lock: 'pnpm-lock.yaml' },
  { name: 'yarn', from: '@yarnpkg/cli-dist@4.18.1', lock: 'yarn.lock' },
  { name: 'bun', from: 'bun@1.4.5', lock: 'bun.lock' },
]

/** With Yarn and Bun, the tests of the RAG bot have timed out on a busy machine: they run with FULL=1. */
const isLong = process.env['FULL'] === '1'
const SUMMARISER: [string, string[]][] = [['summariser', ['start', 'README.md']]]
const RAG_BOT: [string, string[]][] = [['rag-bot', ['demo']]]

describe.each(MANAGERS)('$name', ({ name, from, lock }) => {
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    const directory = mkdtempSync(join(inject('home'), `${name}-`))
    await mustRun('npm', ['install', '--prefix', directory, '--no-audit', '--no-fund', from], directory)
    const usual = environment()
    env = { ...usual, PATH: `${join(directory, 'node_modules/.bin')}${delimiter}${usual['PATH']}` }
  })

  it.each(isLong || name === 'pnpm' ? [...SUMMARISER, ...RAG_BOT] : SUMMARISER)(
    'installs, checks and runs %s, with the versions of npm’s lock file',
    async (template, script) => {
      const cwd = mkdtempSync(join(inject('home'), `${name}-${template}-`))
      const args = ['new', template, 'demo', '--yes', '--pm', name, '--verify', '--json']
      const { result } = JSON.parse(await mustRun('node', [inject('bin'), ...args], cwd, env))
      expect(result.lock).toEqual({ status: 'imported', file: lock, reason: null })
      const project = join(cwd, 'demo')
      expect(existsSync(join(project, 'package-lock.json'))).toBe(false)
      expect(await mustRun('git', ['status', '--porcelain'], project, env)).toBe('')
      expect((await mustRun(name, ['run', ...script], project, env)).length).toBeGreaterThan(100)
      expect(readVersions(project)).toEqual(readLocked(template))
    },
  )
})

const PACKAGES = ['ai', 'zod', 'vitest', 'typescript', 'vite', 'rolldown', '@ai-sdk/provider-utils']

function readVersions(project: string): Record<string, string> {
  const versions = PACKAGES.map((name) => {
    const file = join(project, 'node_modules', name, 'package.json')
    return [name, JSON.parse(readFileSync(file, 'utf8')).version]
  })
  return Object.fromEntries(versions)
}

function readLocked(template: string): Record<string, string> {
  const option = template === 'rag-bot' ? 'pgvector' : 'default'
  const { packages } = JSON.parse(readFileSync(`templates/${template}/locks/${option}.json`, 'utf8'))
  return Object.fromEntries(PACKAGES.map((name) => [name, packages[`node_modules/${name}`].version]))
}
