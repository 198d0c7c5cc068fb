import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { snapshot } from '../tree.ts'
import { cli, type Finished } from './run.ts'

const QUICK = ['--yes', '--no-install', '--no-git']
const preload = fileURLToPath(new URL('../fixtures/faulty-disk.cjs', import.meta.url))
/** The full run looks at every file of the project, the fast one at a few. */
const FULL = process.env['FULL'] === '1'
const AT_ONCE = 2

const home = realpathSync(mkdtempSync(join(tmpdir(), 'ai-eng-faults-')))
afterAll(() => rmSync(home, { recursive: true }))

let complete: Record<string, string>
let points: number[]

beforeAll(async () => {
  const { cwd, result } = await generate('')
  expect(result.code).toBe(0)
  complete = snapshot(join(cwd, 'app'))
  const count = Object.values(complete).filter((entry) => entry.startsWith('file')).length
  const all = Array.from({ length: count }, (_, index) => index + 1)
  points = FULL ? all : all.filter((k) => k === Math.floor(count / 2))
})

/** Runs `new` in a directory of its own with one fault, `<function>:<nth call>:<error code or signal>`. */
async function generate(
  fault: string,
  prepare: (cwd: string) => void = () => undefined,
): Promise<{ cwd: string; result: Finished }> {
  const cwd = mkdtempSync(join(home, 'run-'))
  prepare(cwd)
  const faulty = fault === '' ? {} : { preload, env: { FAULT: fault } }
  return { cwd, result: await cli(['new', 'summariser', 'app', ...QUICK], { cwd, ...faulty }) }
}

/** Runs `work` for every point up to `last`, two at a time. */
async function atEvery(work: (k: number) => Promise<void>, last = points.at(-1) ?? 0): Promise<void> {
  const waiting = points.filter((k) => k <= last)
  const worker = async () => {
    for (let k = waiting.shift(); k !== undefined; k = waiting.shift()) await work(k)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

const MINUTES = 600_000

describe('killed after the k-th file', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])(
    'by %s, new leaves nothing and exits with %i',
    async (signal, code) => {
      await atEvery(async (k) => {
        const { cwd, result } = await generate(`writeFileSync:${k}:${signal}`)
        expect({ k, code: result.code, left: readdirSync(cwd) }).toEqual({ k, code, left: [] })
      })
    },
    MINUTES,
  )

  it(
    'by SIGKILL, new leaves the target absent, and the next run cleans up and succeeds',
    async () => {
      await atEvery(async (k) => {
        const { cwd, result } = await generate(`writeFileSync:${k}:SIGKILL`)
        expect({ k, signal: result.signal, target: readdirSync(cwd).includes('app') }).toEqual({
          k,
          signal: 'SIGKILL',
          target: false,
        })
        expect((await cli(['new', 'summariser', 'app', ...QUICK], { cwd })).code).toBe(0)
        expect(readdirSync(cwd)).toEqual(['app'])
        expect(snapshot(join(cwd, 'app'))).toEqual(complete)
      })
    },
    MINUTES,
  )

  it('by SIGKILL right after the rename, the target is complete', async () => {
    const { cwd } = await generate('renameSync:1:SIGKILL')
    expect(readdirSync(cwd)).toEqual(['app'])
    expect(snapshot(join(cwd, 'app'))).toEqual(complete)
  })
})

describe('a disk that fails', () => {
  it(
    'at the n-th file leaves nothing behind, parents included, and says why',
    async () => {
      await atEvery(async (k) => {
        const cwd = mkdtempSync(join(home, 'run-'))
        const result = await cli(['new', 'summariser', 'deep/er/app', ...QUICK], {
          cwd,
          preload,
          env: { FAULT: `writeFileSync:${k}:ENOSPC` },
        })
        expect({ k, code: result.code, left: readdirSync(cwd) }).toEqual({ k, code: 1, left: [] })
        expect(result.stderr).toContain('no space left on the disk')
        expect(result.stderr).not.toMatch(/\n\s+at /)
      })
    },
    MINUTES,
  )

  it.each([
    'mkdirSync:1:EACCES',
    'mkdirSync:2:EROFS',
    'mkdirSync:4:EIO',
    'writeFileSync:3:EDQUOT',
    'writeFileSync:3:EMFILE',
    'writeFileSync:3:EIO',
    'renameSync:1:EXDEV',
    'renameSync:1:EACCES',
  ])('with %s leaves nothing behind', async (fault) => {
    const { cwd, result } = await generate(fault)
    expect({ code: result.code, left: readdirSync(cwd) }).toEqual({ code: 1, left: [] })
    expect(result.stderr).toMatch(/^(Summariser .*\n)?Could not write .*\n.*\n$/)
  })
})

describe('a path near the longest that the system takes', () => {
  it.each([4068, 4095])('of %i bytes is refused before anything is created', async (bytes) => {
    const cwd = mkdtempSync(join(home, 'run-'))
    const room = bytes - Buffer.byteLength(cwd) - 1
    const segment = `${'d'.repeat(99)}/`
    const above = segment.repeat(Math.floor((room - 50) / 100))
    const path = above + 'b'.repeat(room - above.length)
    const { code, stderr } = await cli(['new', 'summariser', path, ...QUICK], { cwd })
    expect({ code, left: readdirSync(cwd) }).toEqual({ code: 1, left: [] })
    expect(stderr).toMatch(/too long: its files would need \d+ bytes/)
  })
})

describe('a disk that refuses to clean up, too', () => {
  it('is one line what and one line what to do, and the next run removes the rest', async () => {
    const cwd = mkdtempSync(join(home, 'run-'))
    const env = { FAULT: 'writeFileSync:3:EIO,rmSync:1:EIO' }
    const { code, stderr } = await cli(['new', 'summariser', 'app', ...QUICK], { cwd, preload, env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Summariser .*\nCould not write .*\n.*could not be removed either.*\n$/)
    expect(readdirSync(cwd)).toEqual([expect.stringMatching(/^\.app\.staging-/)])
    expect((await cli(['new', 'summariser', 'app', ...QUICK], { cwd })).code).toBe(0)
    expect(readdirSync(cwd)).toEqual(['app'])
  })
})

describe('killed while writing into a directory that is there', () => {
  const mine = (cwd: string) => {
    mkdirSync(join(cwd, 'app'))
    writeFileSync(join(cwd, 'app/README.md'), 'mine')
    writeFileSync(join(cwd, 'app/notes.txt'), 'mine')
  }
  const force = (cwd: string, fault?: string) =>
    cli(['new', 'summariser', 'app', ...QUICK, '--force'], {
      cwd,
      ...(fault && { preload, env: { FAULT: fault } }),
    })

  /** Files that are not there yet, so that each takes one link: all but the README. */
  const countCreated = () => Object.values(complete).filter((entry) => entry.startsWith('file')).length - 1

  it.each([1, 2, 3, 4])('by SIGKILL at rename %i, the next run puts back what was there', async (n) => {
    const cwd = mkdtempSync(join(home, 'run-'))
    mine(cwd)
    const before = snapshot(cwd)
    expect((await force(cwd, `rename:${n}:SIGKILL`)).signal).toBe('SIGKILL')
    expect((await cli(['new', 'summariser', 'app', ...QUICK], { cwd })).code).toBe(1)
    expect(snapshot(cwd)).toEqual(before)
    expect((await force(cwd)).code).toBe(0)
  })

  it('by a disk that refuses to remove the lock of a finished run, the project is complete all the same', async () => {
    const cwd = mkdtempSync(join(home, 'run-'))
    mine(cwd)
    expect((await force(cwd, `rm:${countCreated() + 3}:EIO`)).code).toBe(0)
    expect(readdirSync(join(cwd, 'app'))).toContain('.ai-eng-starter-work')
    expect((await force(cwd)).code).toBe(0)
    expect(readdirSync(join(cwd, 'app'))).not.toContain('.ai-eng-starter-work')
  })

  it.each(['SIGINT', 'SIGTERM'])(
    'by %s, everything is as it was',
    async (signal) => {
      await atEvery(async (k) => {
        const cwd = mkdtempSync(join(home, 'run-'))
        mine(cwd)
        const before = snapshot(cwd)
        const result = await force(cwd, `link:${k + 1}:${signal}`)
        expect([130, 143, 0]).toContain(result.code)
        if (result.code !== 0) expect(snapshot(cwd)).toEqual(before)
      })
    },
    MINUTES,
  )

  it(
    'by SIGKILL, the next run puts back what was there before it begins',
    async () => {
      await atEvery(async (k) => {
        const cwd = mkdtempSync(join(home, 'run-'))
        mine(cwd)
        const before = snapshot(cwd)
        expect((await force(cwd, `link:${k}:SIGKILL`)).signal).toBe('SIGKILL')
        const refused = await cli(['new', 'summariser', 'app', ...QUICK], { cwd })
        expect(refused.code).toBe(1)
        expect(snapshot(cwd)).toEqual(before)
        expect((await force(cwd)).code).toBe(0)
      }, countCreated())
    },
    MINUTES,
  )

  it.each([
    'link:5:ENOSPC',
    'rename:1:EIO',
    'rename:2:EIO',
    'rename:3:ENOSPC',
    'rename:4:ENOSPC',
    'writeFileSync:3:ENOSPC',
    'mkdirSync:1:EACCES',
  ])('by the fault %s, everything is as it was', async (fault) => {
    const cwd = mkdtempSync(join(home, 'run-'))
    mine(cwd)
    const before = snapshot(cwd)
    expect((await force(cwd, fault)).code).toBe(1)
    expect(snapshot(cwd)).toEqual(before)
  })
})

describe('two runs into one target', () => {
  it(
    'end with exactly one success and one whole tree, however close they start',
    async () => {
      for (let pair = 0; pair < (FULL ? 50 : 2); pair++) {
        const cwd = mkdtempSync(join(home, 'pair-'))
        const first = cli(['new', 'summariser', 'app', ...QUICK], { cwd })
        await new Promise((resolve) => setTimeout(resolve, pair))
        const second = cli(['new', 'summariser', 'app', ...QUICK], { cwd })
        const codes = (await Promise.all([first, second])).map(({ code }) => code)
        expect(codes.sort()).toEqual([0, 1])
        expect(readdirSync(cwd)).toEqual(['app'])
        expect(snapshot(join(cwd, 'app'))).toEqual(complete)
      }
    },
    MINUTES,
  )
})
