import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { setUpProgram, until } from '#kit/testing/program'

const { directory, start, scripted } = setUpProgram()
const docs = join(directory, 'docs')
mkdirSync(docs)
writeFileSync(join(docs, 'backups.md'), '# Backups\n\nBackups are kept for 35 days.\n')

async function serving(env: Record<string, string>) {
  const started = start(['serve', '--docs', docs], { PORT: '0', ...env })
  const address = /at (http:\/\/127\.0\.0\.1:\d+)/
  await until(() => address.test(started.output.stderr) || started.child.exitCode !== null)
  const url = address.exec(started.output.stderr)?.[1]
  if (url === undefined) throw new Error(started.output.stderr)
  return { ...started, url }
}

const ask = (url: string) =>
  fetch(`${url}/api/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"question":"How long are backups kept?"}',
  })

describe('the server as a program', { timeout: 60_000 }, () => {
  it('lets five answers end after SIGTERM, takes no sixth, and exits with 0', async () => {
    const model = await scripted({
      answer: () => Array(20).fill('Backups are kept for 35 days. [1] '),
      delayMs: 50,
    })
    const { child, url, done, output } = await serving({ AI_PROVIDER: 'openai-compatible', ...model.env })
    const answers = Array.from({ length: 5 }, async () => (await ask(url)).text())
    await until(() => model.counts.requests === 5)
    child.kill('SIGTERM')
    await until(() => output.stderr.includes('draining'))
    // Refused with an answer at first, then without a connection.
    expect(
      await ask(url).then(
        ({ status }) => status,
        () => 503,
      ),
    ).toBe(503)
    await expect.poll(() => ask(url).catch(({ message }) => message)).toBe('fetch failed')
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/event: done\ndata: .+\n\n$/)
    expect((await done).code).toBe(0)
    expect(model.counts).toMatchObject({ finished: 5, left: 0 })
  })

  it('takes the Ctrl-C that npm passes on for the one that the terminal has sent, and drains', async () => {
    const model = await scripted({ answer: () => Array(20).fill('35 days. [1] '), delayMs: 50 })
    const env = { AI_PROVIDER: 'openai-compatible', npm_lifecycle_event: 'serve', ...model.env }
    const { child, url, done, output } = await serving(env)
    const answer = ask(url).then((response) => response.text())
    await until(() => model.counts.requests === 1)
    child.kill('SIGINT')
    await until(() => output.stderr.includes('draining'))
    child.kill('SIGINT')
    expect(await answer).toMatch(/event: done\n/)
    expect((await done).code).toBe(0)
    expect(output.stderr).toContain('"stopped"')
  })

  it('ends at once on a second signal', async () => {
    const model = await scripted({ answer: () => Array(1_000).fill('word '), delayMs: 50 })
    const { child, url, done, output } = await serving({ AI_PROVIDER: 'openai-compatible', ...model.env })
    const answer = ask(url).then((response) => response.text())
    await until(() => model.counts.requests === 1)
    child.kill('SIGTERM')
    await until(() => output.stderr.includes('draining'))
    const startedAt = performance.now()
    child.kill('SIGTERM')
    await Promise.all([done, expect(answer).rejects.toThrow()])
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('says in two lines that its port is taken', async () => {
    const { url, child, done } = await serving({})
    const second = await start(['serve', '--docs', docs], { PORT: new URL(url).port }).done
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(
      /Error: The server cannot listen on .+EADDRINUSE.*\nStop what uses the port/,
    )
    expect(second.stderr).not.toContain('    at ')
    child.kill('SIGTERM')
    expect((await done).code).toBe(0)
  })

  it('has no index to answer from before something is indexed', async () => {
    const { code, stderr } = await start(['serve'], { PORT: '0' }).done
    expect(code).toBe(2)
    expect(stderr).toContain('npm run ingest -- docs-sample')
  })
})
