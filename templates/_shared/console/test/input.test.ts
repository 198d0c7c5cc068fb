import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError } from '#kit/console/errors'
import { MAX_INPUT_BYTES, readDocuments } from '#kit/console/input'

const directory = mkdtempSync(join(tmpdir(), 'summariser-input-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const noInput = Readable.from([])
const problem = (path: string) =>
  readDocuments([path], noInput).then(
    () => 'no error',
    (error: unknown) => (error instanceof InputError ? error.message.replace(`${directory}/`, '') : error),
  )

describe('input', () => {
  it('is read in full, with or without a byte order mark', async () => {
    const [a, b] = await readDocuments([file('plain.txt', 'Grüße'), file('bom.txt', '\ufeffGrüße')], noInput)
    expect([a?.text, b?.text]).toEqual(['Grüße', 'Grüße'])
  })

  it('may be standard input, cut anywhere', async () => {
    const bytes = Buffer.from('Grüße aus Köln')
    const documents = await readDocuments(['-'], Readable.from([...bytes].map((byte) => Buffer.of(byte))))
    expect(documents).toEqual([{ name: 'standard input', text: 'Grüße aus Köln' }])
  })

  it.each([
    ['empty', ''],
    ['blank', ' \n\t\u00a0\n'],
    ['punctuation', '--- *** ...'],
  ])('that is %s holds no text', async (name, content) => {
    expect(await problem(file(name, content))).toBe(`${name} holds no text`)
  })

  it.each([
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])],
    ['latin1', Buffer.from('Grüße', 'latin1')],
    ['a NUL at the end', Buffer.from('text\0')],
    ['UTF-16 without a mark', Buffer.from('text', 'utf16le')],
    ['a cut character', Buffer.from('Grü').subarray(0, 3)],
  ])('that is not UTF-8 is refused: %s', async (name, content) => {
    expect(await problem(file(name, content))).toBe(`${name} is not UTF-8 text`)
  })

  it('in UTF-16 is named as such, with the command that converts it', async () => {
    const utf16 = readDocuments([file('wide.txt', Buffer.from('\ufefftext', 'utf16le'))], noInput)
    await expect(utf16).rejects.toMatchObject({ hint: expect.stringContaining('iconv -f UTF-16') })
  })

  it('that is not a readable file is refused within two seconds', { timeout: 2_000 }, async () => {
    mkdirSync(join(directory, 'folder'))
    execFileSync('mkfifo', [join(directory, 'pipe')])
    symlinkSync(join(directory, 'loop'), join(directory, 'loop'))
    expect(await problem(join(directory, 'folder'))).toBe('folder is a directory')
    expect(await problem(join(directory, 'pipe'))).toBe('pipe is not a regular file')
    expect(await problem(join(directory, 'loop'))).toBe('loop is a symbolic link that leads back to itself')
    expect(await problem(join(directory, 'missing'))).toBe('missing does not exist')
    expect(await problem(join(directory, 'a\0b'))).toContain('cannot be opened')
    expect(await problem('/dev/zero')).toBe('/dev/zero is not a regular file')
  })

  it.skipIf(process.getuid?.() === 0)('that may not be read is refused', async () => {
    const path = file('secret', 'text')
    chmodSync(path, 0)
    expect(await problem(path)).toBe('secret may not be read')
  })

  it('is refused above 16 MiB, all files together, and a stream without end is not read to its end', async () => {
    const half = file('half.txt', 'text '.repeat(MAX_INPUT_BYTES / 5 / 2 + 1))
    await expect(readDocuments([half, half], noInput)).rejects.toThrow('larger than 16 MiB')
    const forever = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1 << 20, 'a')
      })(),
    )
    await expect(readDocuments(['-'], forever)).rejects.toThrow('larger than 16 MiB')
    expect(forever.destroyed).toBe(true)
  })

  it('from standard input stops when it is told to', async () => {
    const silent = new Readable({ read() {} })
    const stopped = new Error('Stopped')
    await expect(readDocuments(['-'], silent, AbortSignal.abort(stopped))).rejects.toBe(stopped)
    const controller = new AbortController()
    const reading = readDocuments(['-'], new Readable({ read() {} }), controller.signal)
    controller.abort(stopped)
    await expect(reading).rejects.toBe(stopped)
  })

  it('puts no control characters of a file name into a message', async () => {
    expect(await problem('\u001b[31mred\u0007')).toBe('red does not exist')
  })
})
