import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { limitTargetRate, openTarget, type World } from '#kit/targets/open'
import { targetSpec } from '#kit/targets/spec'

const asked = { input: 'which of these words is longest', files: [{ path: 'a.md', text: 'A' }] }
const signal = new AbortController().signal

async function makeWorld(): Promise<World & { notes: string[] }> {
  const root = await mkdtemp(join(tmpdir(), 'targets-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const notes: string[] = []
  const openPrompt = () => Promise.reject(new Error('no prompt here'))
  return { root, built: root, env: {}, signal, notes, note: (line) => notes.push(line), openPrompt }
}

describe('a command', () => {
  const open = async (command: string[]) =>
    openTarget(targetSpec.parse({ type: 'command', command }), await makeWorld())

  it('reads the question from standard input, and its files are arguments', async () => {
    const script =
      "process.stdin.on('data', (d) => process.stdout.write(d + ' ' + process.argv.slice(1) + '\\n'))"
    const target = await open([process.execPath, '-e', script, '{files}'])
    expect(await target.answer(asked, signal)).toEqual({ output: 'which of these words is longest a.md' })
  })

  it.each([
    [
      [process.execPath, '-e', "console.error('out of order'); process.exit(3)"],
      /failed \(3\): out of order/,
    ],
    [['no-such-program-anywhere'], /is not installed/],
    [[process.execPath, '-e', "process.kill(process.pid, 'SIGKILL')"], /SIGKILL/],
  ])('that fails is an error that says how: %j', async (command, message) => {
    await expect((await open(command)).answer(asked, signal)).rejects.toThrow(message)
  })

  it.each([
    ['that is out of time', 'sleep 60 & echo $! > pid; wait; echo Lima'],
    ['that has answered', 'sleep 60 & echo $! > pid; echo Lima'],
  ])('%s takes what it started with it', async (_name, script) => {
    const world = await makeWorld()
    const target = await openTarget(
      targetSpec.parse({ type: 'command', command: ['sh', '-c', script] }),
      world,
    )
    const stop = new AbortController()
    const answering = target.answer(asked, stop.signal).catch(() => {})
    const read = () => readFile(join(world.root, 'pid'), 'utf8').then(Number, () => 0)
    await expect.poll(read, { timeout: 10_000 }).toBeGreaterThan(0)
    const pid = await read()
    if (script.includes('wait')) stop.abort()
    await answering
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  })

  it('is ended with the run', async () => {
    const stop = new AbortController()
    const target = await open([process.execPath, '-e', 'setInterval(() => {}, 1000)'])
    const answering = target.answer(asked, stop.signal)
    stop.abort()
    await expect(answering).rejects.toThrow()
  })
})

describe('a function', () => {
  it('is the answer of a module, and an error when it has none', async () => {
    const world = await makeWorld()
    await mkdir(join(world.root, 'evals'))
    await writeFile(
      join(world.root, 'evals/loud.ts'),
      'export const answer = async ({ input }) => input.toUpperCase()\n',
    )
    await writeFile(join(world.root, 'evals/none.ts'), 'export const reply = 1\n')
    const open = (module: string) => openTarget(targetSpec.parse({ type: 'function', module }), world)
    const target = await open('evals/loud.ts')
    expect(await target.answer(asked, signal)).toEqual({ output: 'WHICH OF THESE WORDS IS LONGEST' })
    await expect(open('evals/none.ts')).rejects.toThrow('evals/none.ts cannot be used')
  })
})

describe('a rate', () => {
  it('spreads the beginnings of answers evenly', async () => {
    const starts: number[] = []
    const answer = async () => {
      starts.push(performance.now())
      return { output: '' }
    }
    const bare = {
      version: null,
      identity: async () => ({ name: '', model: '', deterministic: true }),
      answer,
      close: async () => {},
    }
    const target = limitTargetRate(bare, 60_000 / 40) // one every 40 ms
    await Promise.all([1, 2, 3, 4].map(() => target.answer(asked, signal)))
    const [first = 0] = starts
    for (const [index, start] of starts.entries())
      expect(start - first).toBeGreaterThanOrEqual(index * 40 - 2)
  })
})

const SERVER = `
import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
if (process.env.REFUSE) { console.error('no index'); process.exit(7) }
writeFileSync('pid', String(process.pid))
let polls = 0
createServer((request, response) => {
  if (request.url === '/readyz') return response.writeHead(++polls < 3 ? 503 : 200).end()
  if (request.url === '/healthz') return response.end('{"status":"ok","commit":"0123456789abcdef"}')
  response.end(JSON.stringify({ answer: 'from ' + process.env.COLOUR }))
}).listen(Number(process.env.PORT), '127.0.0.1')
`

async function makeProject(world: World, start: readonly string[] = [process.execPath, 'server.mjs']) {
  const directory = join(world.root, 'bot')
  await mkdir(join(directory, '.ai-eng'), { recursive: true })
  await writeFile(join(directory, 'server.mjs'), SERVER)
  const target = { start, url: 'http://127.0.0.1:8080', path: '/api/ask', format: 'json' }
  await writeFile(join(directory, '.ai-eng/project.json'), JSON.stringify({ template: 'bot', target }))
  return { directory, pid: async () => Number(await readFile(join(directory, 'pid'), 'utf8')) }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a repo next door', () => {
  const spec = (changes = {}) => targetSpec.parse({ type: 'project', directory: 'bot', ...changes })

  it('is started on a free port, waited for, asked, and stopped with all that it started', async () => {
    const world = await makeWorld()
    // As npm does it: a shell between us and the server.
    await makeProject(world, ['sh', '-c', `"${process.execPath}" server.mjs; true`])
    const target = await openTarget(spec({ env: { COLOUR: 'blue' } }), world)
    expect(await target.answer(asked, signal)).toMatchObject({ output: 'from blue' })
    expect(world.notes).toContain('bot is ready, commit 0123456')
    await target.close()
    await expect(target.answer(asked, signal)).rejects.toThrow('cannot be reached')
  })

  it('that ends by itself, or never gets ready, is an error with its last words', async () => {
    const world = await makeWorld()
    await makeProject(world)
    await expect(openTarget(spec({ env: { REFUSE: '1' } }), world)).rejects.toThrow(
      /ended by itself \(exit code 7\): no index/,
    )
    await makeProject(world, [process.execPath, '-e', 'setInterval(() => {}, 1000)'])
    await expect(openTarget(spec({ startSeconds: 1 }), world)).rejects.toThrow('not ready after 1 s')
    await makeProject(world, ['no-such-program-anywhere'])
    await expect(openTarget(spec(), world)).rejects.toThrow('cannot be started')
  })

  it('is stopped when the run is killed with SIGKILL', async () => {
    const world = await makeWorld()
    const { directory, pid } = await makeProject(world)
    const supervisor = fileURLToPath(new URL('../../../../kit/targets/supervise.js', import.meta.url))
    const script = `
      const { spawn } = require('node:child_process')
      spawn(process.execPath, [${JSON.stringify(supervisor)}, process.execPath, 'server.mjs'], { stdio: ['pipe', 'ignore', 'inherit'] })
    `
    const run = spawn(process.execPath, ['-e', script], {
      cwd: directory,
      env: { ...process.env, PORT: '0' },
      stdio: 'ignore',
    })
    await expect.poll(() => pid().catch(() => 0), { timeout: 10_000 }).toBeGreaterThan(0)
    const server = await pid()
    run.kill('SIGKILL')
    await once(run, 'exit')
    await expect.poll(() => isAlive(server), { timeout: 10_000 }).toBe(false)
  })

  it.each([['{}'], ['{"template":"bot","target":{"start":"npm run serve"}}'], ['not JSON']])(
    'that does not say how it is started is a usage error: %s',
    async (text) => {
      const world = await makeWorld()
      const { directory } = await makeProject(world)
      await writeFile(join(directory, '.ai-eng/project.json'), text)
      await expect(openTarget(spec(), world)).rejects.toMatchObject({ exitCode: 2 })
    },
  )
})
