import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync as readFile, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { startModelServer } from '#kit/testing/model-server'
import { root, setUpProgram, until } from '#kit/testing/program'

const invoice = [join(root, 'evals/documents/invoice-hosting.md'), '--schema', 'evals/schemas/invoice.ts']
const { directory, start } = setUpProgram()

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

describe('npm start', { timeout: 20_000 }, () => {
  it('loads the schema, built with the rest, prints the data and exits with 0', async () => {
    const { code, stdout } = await start(invoice).done
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'extraction.v1', data: { total: 602.02 } })
  })

  it('exits with 2 on bad input and with 1 when a document failed, each with one line and a hint', async () => {
    const binary = await start([], {}, Buffer.from([0, 1, 2])).done
    expect(binary).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^Error: .*not UTF-8 text\n.+\n$/),
    })
    const server = await startModelServer(() => 'no JSON')
    closing.push(server.close)
    const failed = await start(invoice, server.env['openai-compatible']).done
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Error: ') })
    expect(failed.stderr).not.toContain('    at ')
  })
})

describe('npm run eval -- --compare', { timeout: 30_000 }, () => {
  /** From the root of the repository, as npm does. */
  async function compare(env: Record<string, string>) {
    const program = join(root, 'dist/kit/evals/main.js')
    const child = spawn(process.execPath, [program, '--compare'], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
    })
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    expect(readFile(join(root, 'reports/prompts.md'), 'utf8')).toBe(stdout)
    return { code, stdout }
  }

  it('says of the heuristic that prompts do not change it', async () => {
    const { code, stdout } = await compare({ AI_PROVIDER: 'heuristic' })
    expect(code).toBe(0)
    expect(stdout).toContain('| any prompt |')
    expect(stdout).toContain('prompts do not change it')
    expect(stdout).not.toContain('few-shot')
  })

  it('puts the prompts side by side for a model, with calls and tokens', async () => {
    const server = await startModelServer(() => 'no JSON')
    closing.push(server.close)
    const { code, stdout } = await compare(server.env['openai-compatible'])
    expect(code).toBe(0)
    expect(stdout).toContain('# Prompts compared: openai-compatible / scripted')
    const calls = (name: string) =>
      Number(new RegExp(`^\\| ${name} \\|.*\\| (\\d+) \\| [\\d,]+ \\| unknown \\|$`, 'm').exec(stdout)?.[1])
    // The same answer twice is not asked for a third time; split-in-two asks for the passages before.
    expect(calls('split-in-two')).toBe(calls('zero-shot') * 1.5)
    // Or why not, as long as there are no examples for another schema.
    expect(stdout).toMatch(/^(?:\| few-shot \||Without few-shot: .)/m)
  })
})

describe('a batch', { timeout: 20_000 }, () => {
  it.each([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)('keeps what is done on %s, and the next run does the rest', async (signal, exitCode) => {
    rmSync(join(directory, 'reports'), { recursive: true, force: true })
    mkdirSync(join(directory, 'inbox'), { recursive: true })
    for (const name of ['a', 'b', 'c'])
      writeFileSync(join(directory, `inbox/${name}.txt`), `Title: ${name}\n`)
    const asked: string[] = []
    const server = await startModelServer(async ({ raw }) => {
      const [, title = ''] = /Title: (\w+)/.exec(raw) ?? []
      asked.push(title)
      if (asked.length === 2) await new Promise((resolve) => setTimeout(resolve, 30_000).unref())
      const nothing = {
        version: [],
        license: [],
        author: [],
        published: [],
        headings: [],
        links: [],
        emails: [],
      }
      return JSON.stringify({ title: [{ quote: `Title: ${title}`, value: title }], ...nothing })
    })
    closing.push(server.close)
    const args = ['inbox', '--concurrency', '1', '--schema', 'evals/schemas/page.ts']
    const { child, done } = start(args, server.env['openai-compatible'])
    await until(() => asked.length === 2)
    child.kill(signal)
    const { code, stderr } = await done
    expect(code).toBe(exitCode)
    if (signal === 'SIGINT') expect(stderr).toMatch(/tokens: /)
    expect(rows()).toMatchObject([{ file: 'inbox/a.txt' }])
    expect((await start(args, server.env['openai-compatible']).done).code).toBe(0)
    expect(rows().map(({ file }) => file)).toEqual(['inbox/a.txt', 'inbox/b.txt', 'inbox/c.txt'])
    expect(asked).toEqual(['a', 'b', 'b', 'c'])
  })

  function rows(): { file: string }[] {
    const content = readFile(join(directory, 'reports/extractions.jsonl'), 'utf8')
    return content.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line)))
  }
})
