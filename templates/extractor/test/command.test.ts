import { existsSync, mkdirSync, mkdtempSync, readFileSync as readFile, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Reply, type SentRequest, startModelServer } from '#kit/testing/model-server'
import { run } from '../../../src/command.ts'

const documents = fileURLToPath(new URL('../../../evals/documents', import.meta.url))
// Not the default schema: that is for you to edit, and these tests are not to break then.
const invoice = ['--schema', 'evals/schemas/invoice.ts']
const hosting = join(documents, 'invoice-hosting.md')
const directory = mkdtempSync(join(tmpdir(), 'extractor-'))
afterAll(() => rmSync(directory, { recursive: true }))

const closing: (() => Promise<unknown>)[] = []
beforeEach(() => rmSync(join(directory, 'reports'), { recursive: true, force: true }))
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(reply: (request: SentRequest, index: number) => Reply | Promise<Reply>) {
  const server = await startModelServer(reply)
  closing.push(server.close)
  return { ...server, env: server.env['openai-compatible'] }
}

/** The command in this process, with its own world: what it wrote, and what it threw. */
async function start(
  args: readonly string[],
  env: Record<string, string> = {},
  input: string | Buffer = '',
  signal = new AbortController().signal,
) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const io = { env, directory, stdin: Readable.from([Buffer.from(input)]), stdout, stderr, signal }
  const error = await run(args, io).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  stdout.end()
  stderr.end()
  return { error, stdout: await text(stdout), stderr: await text(stderr) }
}

function lines(path: string): { id: string; file: string }[] {
  const content = readFile(join(directory, path), 'utf8')
  return content.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line)))
}

/** What a model answers that finds the title and nothing else, for the schema of pages. */
function titleOnly({ raw }: SentRequest): string {
  const [, title = ''] = /Title: (\w+)/.exec(raw) ?? []
  const nothing = { version: [], license: [], author: [], published: [], headings: [], links: [], emails: [] }
  return JSON.stringify({ title: [{ quote: `Title: ${title}`, value: title }], ...nothing })
}

const page = ['--schema', 'evals/schemas/page.ts']

describe('the command', () => {
  it('reads standard input, and says so in the result', async () => {
    const { stdout } = await start(invoice, {}, readFile(hosting))
    expect(JSON.parse(stdout)).toMatchObject({ file: 'standard input', data: { total: 602.02 } })
  })

  it('prints one line for each of several files, and the reasons for people on standard error', async () => {
    const { stdout, stderr } = await start([hosting, join(documents, 'invoice-two-totals.md'), ...invoice])
    const schemas = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).schema)
    expect(schemas).toEqual(['extraction.v1', 'extraction.v1'])
    expect(stderr).toContain('total: ambiguous: the document gives 780 or 712.5')
  })

  it('takes another schema, and prints CSV that no spreadsheet runs', async () => {
    const formula = join(documents, 'invoice-formula.txt')
    const { stdout } = await start([formula, '--csv', ...invoice])
    expect(stdout).toMatch(/^file,number,issued,due,vendor,/)
    expect(stdout).toContain(`"'=cmd|' /C calc'!A0",2026-07-01,,"'@Supplies","'+Plus Media",EUR`)
  })

  it.each([
    ['an empty standard input', [], '', 'holds no text'],
    ['a missing file', ['missing.md'], '', 'does not exist'],
    ['an unknown option', ['--shema', 'x'], '', '--shema'],
    ['an unknown prompt', ['--prompt', 'magic'], '', '--prompt must be'],
    ['a results file of another kind', ['--out', 'a.json'], '', '--out must be'],
    ['no workers', ['--concurrency', '0'], '', '--concurrency must be'],
    [
      'a schema outside of the repository',
      ['--schema', '../evil.ts'],
      '',
      'is not a schema of this repository',
    ],
    ['a schema that is not there', ['--schema', 'evals/schemas/none.ts'], '', "can't be loaded"],
    ['a file without a schema', ['--schema', 'src/command.ts'], '', 'exports no zod object'],
  ] as const)('refuses %s before any call', async (_, args, input, message) => {
    const { env, requests } = await serve(() => 'No.')
    const { error, stdout } = await start(args, env, input)
    expect({ stdout, requests: requests.length }).toEqual({ stdout: '', requests: 0 })
    expect(error).toMatchObject({ message: expect.stringContaining(message), hint: expect.any(String) })
  })

  it('fails when the model never answers with JSON, and keeps what it wrote', async () => {
    const { env, requests } = await serve((_, index) => `\u001b[2JNot today ${index}.`)
    const { error, stdout, stderr } = await start([hosting, ...invoice], env)
    expect({ stdout, requests: requests.length }).toEqual({ stdout: '', requests: 3 })
    expect(error).toMatchObject({ message: expect.stringContaining('no usable answer after 3 attempts') })
    const path = /reports\/failed-\w+\.json/.exec(stderr)?.[0] ?? ''
    const { attempts } = JSON.parse(readFile(join(directory, path), 'utf8'))
    expect(attempts).toMatchObject([0, 1, 2].map((index) => ({ raw: `\u001b[2JNot today ${index}.` })))
    expect(stderr).not.toContain('\u001b')
  })

  it('prints nothing that a terminal obeys, whatever the document holds', async () => {
    const { stdout } = await start(page, {}, 'Title: \u009b2J\u202eevil\u001b[31m end\n\nText.')
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(JSON.parse(stdout).data.title).toContain('evil')
  })

  it('refuses a call that could cost more than --max-cost', async () => {
    const { env, requests } = await serve(() => '{}')
    const prices = { AI_PRICE_INPUT: '3', AI_PRICE_OUTPUT: '15' }
    const { error } = await start([hosting, '--max-cost', '0.0001', ...invoice], { ...env, ...prices })
    expect(error).toMatchObject({ kind: 'cost' })
    expect(requests).toHaveLength(0)
  })

  it('says that the heuristic reads no prompt', async () => {
    expect((await start([hosting, '--prompt', 'few-shot', ...invoice])).stderr).toContain(
      '--prompt few-shot changes nothing',
    )
  })
})

describe('a batch', () => {
  const inbox = join(directory, 'inbox')
  beforeEach(() => {
    rmSync(inbox, { recursive: true, force: true })
    mkdirSync(join(inbox, 'sub'), { recursive: true })
    for (const name of ['a', 'b', 'sub/c'])
      writeFileSync(join(inbox, `${name}.txt`), `Title: ${name.at(-1)}\n`)
    writeFileSync(join(inbox, '.hidden'), 'Title: hidden\n')
  })

  it('of a folder has one row for each document, in order, and a re-run adds none and asks nothing', async () => {
    const { env, requests } = await serve(titleOnly)
    const args = [inbox, '--out', 'reports/out.jsonl', '--csv', ...page]
    expect(await start(args, env)).toMatchObject({ error: undefined, stdout: '' })
    expect(lines('reports/out.jsonl')).toMatchObject([
      { file: join(inbox, 'a.txt'), data: { title: 'a' } },
      { file: join(inbox, 'b.txt'), data: { title: 'b' } },
      { file: join(inbox, 'sub/c.txt'), data: { title: 'c' } },
    ])
    expect(readFile(join(directory, 'reports/out.csv'), 'utf8').split('\r\n')).toHaveLength(5)
    const before = readFile(join(directory, 'reports/out.jsonl'), 'utf8')
    const again = await start(args, env)
    expect(again.stderr).toContain('0 extracted, 3 there already, 0 failed')
    expect(readFile(join(directory, 'reports/out.jsonl'), 'utf8')).toBe(before)
    expect(requests).toHaveLength(3)
  })

  it('does a document again that changed, and replaces its row', async () => {
    const { env, requests } = await serve(titleOnly)
    await start([inbox, ...page], env)
    writeFileSync(join(inbox, 'b.txt'), 'Title: new\n')
    const { stderr } = await start([inbox, ...page], env)
    expect(stderr).toContain('1 extracted, 2 there already')
    expect(lines('reports/extractions.jsonl')).toMatchObject([
      { data: { title: 'a' } },
      { data: { title: 'new' } },
      {},
    ])
    expect(requests).toHaveLength(4)
  })

  it('keeps what failed apart, with what the model wrote, and tries it again', async () => {
    let broken = true
    const { env } = await serve((request) =>
      broken && request.raw.includes('Title: b') ? 'no JSON' : titleOnly(request),
    )
    writeFileSync(join(inbox, 'binary.txt'), Buffer.from([0, 1, 2]))
    const first = await start([inbox, ...page], env)
    expect(first.error).toMatchObject({ message: '2 of 4 documents failed' })
    expect(first.stderr).toContain('2 extracted, 0 there already, 2 failed')
    expect(lines('reports/extractions.failed.jsonl')).toMatchObject([
      {
        file: join(inbox, 'b.txt'),
        error: { kind: 'invalid-response' },
        attempts: [{ raw: 'no JSON' }, { raw: 'no JSON' }],
      },
      { file: join(inbox, 'binary.txt'), error: { kind: 'input' }, attempts: [] },
    ])
    broken = false
    rmSync(join(inbox, 'binary.txt'))
    writeFileSync(join(inbox, 'binary.txt'), 'Title: mended\n')
    expect((await start([inbox, ...page], env)).error).toBeUndefined()
    expect(lines('reports/extractions.jsonl').map(({ file }) => file)).toEqual(
      ['a.txt', 'b.txt', 'binary.txt', 'sub/c.txt'].map((name) => join(inbox, name)),
    )
    expect(existsSync(join(directory, 'reports/extractions.failed.jsonl'))).toBe(false)
  })

  it('of JSON Lines takes texts and { id, text }, and a bad line costs only itself', async () => {
    const { env } = await serve(titleOnly)
    const rows = [
      '"Title: one"',
      '',
      '{"id":"k2","text":"Title: two"}',
      '{"text":5}',
      '{"id":"k2","text":"Title: two"}',
    ]
    writeFileSync(join(directory, 'in.jsonl'), rows.join('\n'))
    const { error, stderr } = await start([join(directory, 'in.jsonl'), ...page], env)
    expect(error).toMatchObject({ message: '1 of 4 documents failed' })
    expect(stderr).toContain('in.jsonl:4 is neither')
    const done = lines('reports/extractions.jsonl')
    expect(done.map(({ file }) => file)).toEqual(
      ['in.jsonl#1', 'in.jsonl#k2'].map((name) => join(directory, name)),
    )
    expect(new Set(done.map(({ id }) => id)).size).toBe(2)
  })

  it('drops a last line that a kill cut off', async () => {
    const { env } = await serve(titleOnly)
    await start([inbox, ...page], env)
    const path = join(directory, 'reports/extractions.jsonl')
    const whole = readFile(path, 'utf8')
    writeFileSync(path, whole.slice(0, -40))
    expect((await start([inbox, ...page], env)).stderr).toContain('1 extracted, 2 there already')
    expect(lines('reports/extractions.jsonl')).toHaveLength(3)
  })

  it.each(['my diary\n', 'my diary', '{"mine":1}'])(
    'refuses a file that is something else: %j',
    async (mine) => {
      const path = join(directory, 'reports/extractions.jsonl')
      mkdirSync(join(directory, 'reports'))
      writeFileSync(path, mine)
      const refused = await start([inbox, ...page])
      expect(refused.error).toMatchObject({
        message: expect.stringContaining('extractions.jsonl:1 is not a row'),
      })
      expect(readFile(path, 'utf8')).toBe(mine)
    },
  )

  it('asks for several documents at a time, and stops at once on what every one would fail at', async () => {
    let open = 0
    let most = 0
    const { env, requests } = await serve(async (request) => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setTimeout(resolve, 200))
      open -= 1
      return titleOnly(request)
    })
    await start([inbox, '--concurrency', '3', ...page], env)
    expect(most).toBe(3)
    expect(requests).toHaveLength(3)
    const refusing = await serve(() => ({ status: 401, message: 'wrong key' }))
    const args = [inbox, '--out', 'reports/b.jsonl', '--concurrency', '1', ...page]
    expect((await start(args, refusing.env)).error).toMatchObject({ kind: 'auth' })
    expect(refusing.requests).toHaveLength(1)
  })
})
