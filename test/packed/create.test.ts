import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { environment, mustRun, run } from './generated.ts'

/** Both packages as their users get them, side by side. */
let place = ''

beforeAll(() => {
  place = mkdtempSync(join(inject('home'), 'create-'))
  const packed = join(place, 'packed')
  mkdirSync(packed)
  execFileSync('npm', ['pack', './create', '--silent', '--pack-destination', packed])
  const tarballs = [join(inject('home'), 'packed'), packed].map((folder) => {
    const name = readdirSync(folder).find((file) => file.endsWith('.tgz'))
    return join(folder, name ?? 'missing.tgz')
  })
  writeFileSync(join(place, 'package.json'), '{"private":true}')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...tarballs], { cwd: place, stdio: 'ignore' })
})

describe('npm create ai-eng-starter', () => {
  it('generates what ai-eng-starter new does, with the flags behind --', async () => {
    const flags = ['summariser', 'app', '--', '--yes', '--no-install', '--no-git']
    await mustRun('npm', ['create', 'ai-eng-starter', ...flags], place)
    expect(existsSync(join(place, 'app/package-lock.json'))).toBe(true)
    expect(JSON.parse(readFileSync(join(place, 'app/package.json'), 'utf8')).name).toBe('app')
  })

  it('follows the package manager that ran it', async () => {
    const env = { ...environment(), npm_config_user_agent: 'pnpm/12.4.2 npm/? node/v24.1.0 linux x64' }
    const bin = join(place, 'node_modules/.bin/create-ai-eng-starter')
    const flags = ['summariser', 'piped', '--yes', '--no-install', '--no-git']
    const { code, stdout } = await run(bin, flags, place, env)
    expect(code).toBe(0)
    expect(stdout).toContain('pnpm import')
    expect(readFileSync(join(place, 'piped/README.md'), 'utf8')).toContain('pnpm install')
  })

  it('passes on the exit code of a failure', async () => {
    const bin = join(place, 'node_modules/.bin/create-ai-eng-starter')
    expect((await run(bin, ['nope', 'x', '--yes'], place)).code).toBe(2)
  })
})
