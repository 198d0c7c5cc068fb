import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openStore } from '#kit/store/open'
import { root, setUpProgram, until } from '#kit/testing/program'

// For whole processes, each with a separate database that takes seconds to start.
const MINUTES = 180_000

setUpProgram() // builds what the child processes below import
const base = mkdtempSync(join(tmpdir(), 'store-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const EMBEDDING = { model: 'sample', dimensions: 2 }

/**
 * Runs `code` in another process. There, `open()` opens the index in `directory`, `document(n)` makes a
 * document of three chunks, and `say` prints a value.
 */
function other(directory: string, code: string): { child: ChildProcess; output: { text: string } } {
  const script = `
    const { openStore } = await import(${JSON.stringify(join(root, 'dist/kit/store/open.js'))})
    const open = () => openStore({ env: {}, directory: ${JSON.stringify(directory)}, embedding: ${JSON.stringify(EMBEDDING)} })
    const say = (value) => console.log(JSON.stringify(value))
    const document = (n) => {
      const name = n + '.md'
      const chunk = (ordinal) => ({
        id: name + ordinal, document: name, title: name, headings: [], text: 'same word ' + n, tokens: 3, ordinal,
        terms: new Map([['same', 1], ['word', 1]]), length: 3, embedding: [1, n],
      })
      return { document: { name, title: name, hash: 'h', metadata: {} }, chunks: [0, 1, 2].map(chunk) }
    }
    try {
      ${code}
    } catch (error) {
      say({ name: error.name, message: error.message, hint: error.hint })
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output.text += text
    })
  return { child, output }
}

/**
 * Runs `code` until the process ends by itself, which an open database would prevent. Its output must be one
 * JSON value.
 */
async function readOutput(directory: string, code: string): Promise<unknown> {
  const { child, output } = other(directory, code)
  const [exitCode] = await once(child, 'close')
  expect(exitCode).toBe(0)
  return JSON.parse(output.text)
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'close')
}

const TOTALS = `
  const store = await open()
  const names = [...(await store.documents()).keys()].sort()
  const { chunks, frequencies } = await store.statistics(['same', 'word'])
  const found = await store.lexical(['word'], { limit: 10_000 })
  await store.close()`

it('keeps a second process out, and has whole documents after a kill', { timeout: MINUTES }, async () => {
  const directory = join(base, 'killed')
  const alias = join(base, 'alias')
  const holder = other(
    directory,
    `
    const store = await open()
    for (let n = 0; ; n++) {
      await store.replaceDocuments([document(n)])
      say(n)
    }`,
  )
  await until(() => holder.output.text.includes('\n3\n'))
  symlinkSync(directory, alias)
  for (const path of [directory, alias]) {
    const refusal = openStore({ env: {}, directory: path, embedding: EMBEDDING })
    await expect(refusal).rejects.toMatchObject({
      name: 'StoreError',
      message: `This index is open in another process (process ${holder.child.pid})`,
      hint: expect.stringContaining('DATABASE_URL'),
    })
  }
  const said = holder.output.text.trim().split('\n').length
  await kill(holder.child)

  const after = (await readOutput(
    directory,
    `${TOTALS}; say({ names, chunks, frequencies: [...frequencies.values()], found: found.length })`,
  )) as {
    names: string[]
    chunks: number
  }
  expect(after.names.length).toBeGreaterThanOrEqual(said)
  const three = 3 * after.names.length
  expect(after).toEqual({ names: after.names, chunks: three, frequencies: [three, three], found: three })
  expect(statSync(directory).mode & 0o777).toBe(0o700)

  const again = `
    const again = await open()
    for (let n = 0; n < ${after.names.length + 2}; n++) await again.replaceDocuments([document(n)])
    await again.close()
    ${TOTALS}; say([names.length, chunks, found.length])`
  const count = after.names.length + 2
  expect(await readOutput(directory, again)).toEqual([count, 3 * count, 3 * count])
})

it('starts over after a kill while the directory was being made', { timeout: MINUTES }, async () => {
  const directory = join(base, 'unmade')
  const { child } = other(directory, 'await open()')
  await until(() => existsSync(join(directory, 'PG_VERSION')))
  await kill(child)
  expect(existsSync(`${directory}.incomplete`)).toBe(true)
  expect(await readOutput(directory, `${TOTALS}; say(chunks)`)).toBe(0)
  expect(existsSync(`${directory}.incomplete`)).toBe(false)
  expect(existsSync(`${directory}.lock`)).toBe(false)

  const damaged = join(base, 'damaged')
  cpSync(directory, damaged, { recursive: true })
  writeFileSync(join(damaged, 'global/pg_control'), 'not a control file')
  expect(await readOutput(damaged, 'await open()')).toEqual({
    name: 'StoreError',
    message: `The index in ${damaged} cannot be opened: its files are damaged`,
    hint: `Remove ${damaged} and ingest again.`,
  })
})

it.each([
  [
    'of another PostgreSQL',
    'PG_VERSION',
    '15\n',
    'was made by PostgreSQL 15; this program has PostgreSQL 18',
    'Remove',
  ],
  [
    'that is no index',
    'thesis.txt',
    'text',
    'has files in it and is not an index',
    'Choose another directory',
  ],
])('leaves a directory alone %s', async (_, file, content, message, hint) => {
  const directory = mkdtempSync(join(base, 'other-'))
  writeFileSync(join(directory, file), content)
  await expect(openStore({ env: {}, directory, embedding: EMBEDDING })).rejects.toMatchObject({
    name: 'StoreError',
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  })
  expect(existsSync(join(directory, file))).toBe(true)
  expect(existsSync(`${directory}.lock`)).toBe(false)
})

it('is not made where a file is', async () => {
  mkdirSync(join(base, 'files'))
  writeFileSync(join(base, 'files/note.txt'), 'text')
  for (const path of ['files/note.txt', 'files/note.txt/index'])
    await expect(
      openStore({ env: {}, directory: join(base, path), embedding: EMBEDDING }),
    ).rejects.toMatchObject({
      name: 'StoreError',
      hint: expect.stringContaining('choose another directory'),
    })
})
