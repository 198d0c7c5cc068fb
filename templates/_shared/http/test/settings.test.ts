import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findRunningCommit } from '#kit/http/commit'
import { readHttpSettings } from '#kit/http/settings'

describe('the settings of a server', () => {
  it('let only this machine in unless they say otherwise', () => {
    expect(readHttpSettings({})).toEqual({
      ...{ host: '127.0.0.1', port: 8080, allowedHosts: [], isBehindProxy: false, requestsPerMinute: 60 },
    })
  })

  it('open it to others only when they say so, under the names that they say', () => {
    const open = readHttpSettings({ HOST: '0.0.0.0', ALLOWED_HOSTS: 'A.example, b.example:8443' })
    expect(open).toMatchObject({ host: '0.0.0.0', allowedHosts: ['a.example', 'b.example:8443'] })
  })

  it.each(['*', 'https://a.example', 'a.example/path', '*.example', 'a b'])(
    'refuse %j for a name',
    (name) => {
      expect(() => readHttpSettings({ ALLOWED_HOSTS: name })).toThrow('ALLOWED_HOSTS takes names such as')
    },
  )

  it.each(['80a', '-1', '65536', '1e3'])('refuse %j for a port', (PORT) => {
    expect(() => readHttpSettings({ PORT })).toThrow('PORT must be a whole number from 0 to 65535')
  })
})

describe('the commit that runs', () => {
  const SHA = '0123456789abcdef0123456789abcdef01234567'

  it('is what the build or the platform says', async () => {
    expect(await findRunningCommit({ COMMIT: SHA.toUpperCase() }, tmpdir())).toBe(SHA)
    expect(await findRunningCommit({ RENDER_GIT_COMMIT: SHA }, tmpdir())).toBe(SHA)
  })

  it('is that of the checkout, unless something was changed in it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'commit-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        cwd: directory,
        encoding: 'utf8',
      })
    expect(await findRunningCommit({ COMMIT: 'unknown' }, directory)).toBeNull()
    git('init', '-q')
    writeFileSync(join(directory, 'file'), 'one')
    git('add', '.')
    git('commit', '-qm', 'one')
    expect(await findRunningCommit({}, directory)).toBe(git('rev-parse', 'HEAD').trim())
    writeFileSync(join(directory, 'file'), 'two')
    expect(await findRunningCommit({}, directory)).toBeNull()
  })
})
