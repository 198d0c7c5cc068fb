import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { root, setUpProgram, until } from '#kit/testing/program'
import { FILES } from '../../../test/agent.ts'

const { directory, start } = setUpProgram()
const runs = join(directory, '.data/runs')
const GOAL = `- Count the errors in the logs.
- File a ticket with the title "{top error}", service "api", severity sev3 and summary "{errors} since {first error}."`

beforeAll(() => {
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(join(directory, 'mine', name, '..'), { recursive: true })
    writeFileSync(join(directory, 'mine', name), content)
  }
  writeFileSync(join(directory, 'goal.md'), GOAL)
})
const ARGS = ['run', '--in', 'mine', '--job', 'goal.md']
const runOf = (stderr: string) => /run (\d{8}-\d{6}-[\da-f]{6})/.exec(stderr)?.[1] ?? ''
const tickets = () => {
  try {
    // A kill may leave a file that never got its name.
    return readdirSync(join(directory, '.data/tickets')).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

describe('the program', { timeout: 60_000 }, () => {
  it('files what is approved, lists the run, and shows its trace as text and as a page', async () => {
    const { code, stderr } = await start([...ARGS, '--approve', 'file_ticket:service=api']).done
    expect(code).toBe(0)
    expect(tickets()).toHaveLength(1)
    const run = runOf(stderr)
    expect((await start(['runs']).done).stdout).toContain(`${run}  done`)
    const trace = (await start(['trace', run]).done).stdout
    for (const text of ['file_ticket', 'approved by --approve', 'cache is gone', 'stopped by done'])
      expect(trace).toContain(text)
    expect((await start(['trace', run, '--html', 'page.html']).done).code).toBe(0)
    expect(readFileSync(join(directory, 'page.html'), 'utf8')).toContain('file_ticket')
  })

  it('gives one JSON document with the lines that it rests on, word for word', async () => {
    const { stdout } = await start(['run', '--in', 'mine', '--json', 'Read the file "logs/api.log"']).done
    const { reason, evidence } = JSON.parse(stdout)
    expect(reason).toBe('done')
    expect(evidence[1]).toEqual({
      file: 'logs/api.log',
      line: 2,
      quote: '2026-01-05T10:00:05Z ERROR api: cache is gone key=7',
    })
  })

  it('gone on with keeps its limits and its tools, unless others are given', async () => {
    const goal = '1. List the files of the incident.\n2. Count the errors in the logs.'
    const only = ['--max-steps', '1', '--allow', 'list_files']
    const run = runOf((await start(['run', '--in', 'mine', ...only, goal]).done).stderr)
    expect(readFileSync(join(runs, `${run}.jsonl`), 'utf8')).toContain('"allow":["list_files"]')
    expect((await start(['resume', run]).done).stderr).toContain('stopped by steps: 1 steps; allowed: 1')
    expect((await start(['resume', run, '--max-steps', '3']).done).stderr).not.toContain('summarise_errors')
    const trace = (await start(['trace', run]).done).stdout
    expect(trace).not.toMatch(/^ {2}(?!list_files)\w+ \{/m)
  })

  it('with an empty log is listed with the others', async () => {
    writeFileSync(join(runs, '20200101-000000-abcdef.jsonl'), '')
    const { code, stdout } = await start(['runs']).done
    rmSync(join(runs, '20200101-000000-abcdef.jsonl'))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^20200101-000000-abcdef {2}unreadable/m)
    expect(stdout.split('\n').length).toBeGreaterThan(2)
  })

  it.each([
    [['run', '--in', 'nowhere', 'x'], 'nowhere does not exist'],
    [['run', '--job', 'nothing.md'], 'nothing.md does not exist'],
    [['run', '--approve', 'a b', '--in', 'mine', 'x'], '--approve takes'],
    [['run', '--max-steps', '0'], '--max-steps must be'],
    [['run', '--max-cost', 'much'], '--max-cost must be'],
    [['run', '--nonsense'], "Unknown option '--nonsense'"],
    [['resume', '20200101-000000-abcdef'], 'There is no run'],
    [['trace', '../../x'], 'is not the name of a run'],
    [['trace'], 'Name one run'],
    [['dance'], 'There is no command "dance"'],
  ])('%j is one line about what is wrong, and exit code 2', async (args, problem) => {
    const { code, stdout, stderr } = await start(args).done
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(problem)
    expect(stderr).not.toContain('    at ')
  })

  it('lists its tools, and which of them ask', async () => {
    const { stdout } = await start(['tools', '--in', 'mine']).done
    expect(stdout).toMatch(/^file_ticket +asks /m)
    expect(stdout).toMatch(/^read_file +reads /m)
  })
})

/** On a terminal that `script` of util-linux makes: what it shows, and a keyboard. */
function onTerminal(args: readonly string[]) {
  const command = [process.execPath, join(root, 'dist/src/main.js'), ...args].map((word) => `'${word}'`)
  const child = spawn('script', ['-qefc', command.join(' '), '/dev/null'], {
    cwd: directory,
    env: { PATH: process.env.PATH, TERM: 'xterm' },
  })
  const screen = { text: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    screen.text += text
  })
  const isAsked = () => screen.text.includes('Do it? [y/N]')
  return { screen, isAsked, type: (keys: string) => child.stdin.write(keys), closed: once(child, 'close') }
}

describe.runIf(process.platform === 'linux')(
  'on a terminal, a call with a side effect',
  { timeout: 60_000 },
  () => {
    it('is shown with its exact arguments, and made after a yes', async () => {
      const before = tickets().length
      const { screen, isAsked, type, closed } = onTerminal(ARGS)
      await until(isAsked)
      expect(tickets()).toHaveLength(before)
      expect(screen.text).toContain('The agent wants to call file_ticket with')
      expect(screen.text).toContain('"title": "cache is gone')
      type('y\n')
      expect(await closed).toEqual([0, null])
      expect(tickets()).toHaveLength(before + 1)
      expect(screen.text).toContain('approved by terminal')
    })

    it('takes nothing for a yes that was typed before it was asked', async () => {
      const before = tickets().length
      const { screen, isAsked, type, closed } = onTerminal(ARGS)
      type('y\n')
      await until(isAsked)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(tickets()).toHaveLength(before)
      type('n\n')
      expect(await closed).toEqual([0, null])
      expect(screen.text).toContain('denied by terminal')
    })

    it.each([
      ['a no', 'n\n'],
      ['Enter alone', '\n'],
      ['another word', 'yesterday\n'],
      ['the end of the input', '\u0004'],
    ])('is not made after %s', async (_, keys) => {
      const before = tickets().length
      const { screen, isAsked, type, closed } = onTerminal(ARGS)
      await until(isAsked)
      type(keys)
      expect(await closed).toEqual([0, null])
      expect(tickets()).toHaveLength(before)
      expect(screen.text).toContain('denied by terminal')
    })

    it('is not made after Ctrl-C, and the run can be gone on with', async () => {
      const before = tickets().length
      const { screen, isAsked, type, closed } = onTerminal(ARGS)
      await until(isAsked)
      type('\u0003')
      expect(await closed).toEqual([130, null])
      expect(tickets()).toHaveLength(before)
      const { code } = await start(['resume', runOf(screen.text), '--approve', 'file_ticket']).done
      expect(code).toBe(0)
      expect(tickets()).toHaveLength(before + 1)
    })
  },
)
