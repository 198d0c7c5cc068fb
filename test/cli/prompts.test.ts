import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BIN, finished } from './run.ts'
import { workplace } from './workplace.ts'

const TERMINAL = fileURLToPath(new URL('../fixtures/terminal.cjs', import.meta.url))
const [ENTER, ESC, DOWN, CTRL_C] = ['\r', '\u001b', '\u001b[B', '\u0003']
const QUICK = ['--no-install', '--no-git']

/** Each entry: a text to wait for, then the keys to type. */
type Script = readonly (readonly [wait: string, keys: string])[]

/** Runs the CLI with its streams passing for a terminal, and types as the script says. */
async function type(cwd: string, args: readonly string[], script: Script) {
  const env = { ...process.env, CI: '', NO_COLOR: '1', TERM: 'xterm' }
  const child = spawn(process.execPath, ['--require', TERMINAL, BIN, ...args], { cwd, env, stdio: 'pipe' })
  let seen = ''
  child.stderr.on('data', (chunk) => (seen += chunk))
  const end = finished(child)
  for (const [wait, keys] of script) {
    await expect.poll(() => seen, { timeout: 10_000, interval: 20 }).toContain(wait)
    seen = ''
    child.stdin.write(keys)
  }
  // An open pipe, unlike a terminal, keeps Node running after the last answer.
  await Promise.race([end, setTimeout(1000)])
  child.stdin.end()
  return end
}

describe('the questions of new', () => {
  it('list projects in the order of the roadmap, the summariser first', async () => {
    const { stderr, code } = await type(
      workplace(),
      ['new'],
      [
        ['Which milestone', ENTER],
        ['Notes chat', CTRL_C],
      ],
    )
    expect(code).toBe(130)
    const [, pick = ''] = stderr.split('Which project?')
    const at = ['Summariser', 'Extractor', 'Notes chat'].map((title) => pick.indexOf(title))
    expect(at.every((index) => index >= 0)).toBe(true)
    expect(at).toEqual([...at].sort((a, b) => a - b))
  })

  it('go back one question on Esc, and offer the earlier answer there', async () => {
    const cwd = workplace()
    const { code, stdout } = await type(
      cwd,
      ['new', ...QUICK],
      [
        ['Which milestone', DOWN + ENTER],
        ['Which project', ENTER],
        ['Which directory', ESC],
        ['Which project', ESC],
        ['Which milestone', `\u001b[A${ENTER}`],
        ['Which project', ENTER],
        ['Which directory', `notes${ENTER}`],
      ],
    )
    expect(code).toBe(0)
    expect(readdirSync(cwd)).toEqual(['notes'])
    expect(JSON.parse(readFileSync(join(cwd, 'notes/.ai-eng/project.json'), 'utf8')).template).toBe(
      'summariser',
    )
    expect(stdout).toContain('ai-eng-starter new summariser notes --no-install --no-git')
  })

  it('go back from an option to the directory, with a name that was typed there', async () => {
    const cwd = workplace()
    const { code } = await type(
      cwd,
      ['new', 'rag-bot', ...QUICK],
      [
        ['Which directory', `docs-bot${ENTER}`],
        ['Where the index lives', ESC],
        ['docs-bot', ENTER],
        ['Where the index lives', ENTER],
      ],
    )
    expect({ code, written: readdirSync(cwd) }).toEqual({ code: 0, written: ['docs-bot'] })
  })

  it.each([
    ['Esc at the first question', ['new'], [['Which milestone', ESC]]],
    ['Esc at the only question', ['new', 'summariser'], [['Which directory', ESC]]],
    [
      'Ctrl-C at a later one',
      ['new'],
      [
        ['Which milestone', ENTER],
        ['Which project', CTRL_C],
      ],
    ],
  ] as const)('are cancelled by %s: exit code 130, and nothing is written', async (_, args, script) => {
    const cwd = workplace()
    const { code, stderr, stdout } = await type(cwd, args, script)
    expect({ code, stdout, written: readdirSync(cwd) }).toEqual({ code: 130, stdout: '', written: [] })
    expect(stderr).toContain('Cancelled\nNothing was written')
  })

  it('end when a signal arrives while one waits', async () => {
    const cwd = workplace()
    const env = { ...process.env, CI: '', TERM: 'xterm' }
    const child = spawn(process.execPath, ['--require', TERMINAL, BIN, 'new'], { cwd, env, stdio: 'pipe' })
    child.stderr.on('data', (chunk) => String(chunk).includes('Which milestone') && child.kill('SIGTERM'))
    expect(await finished(child)).toMatchObject({ code: 143 })
  })

  it('ask again for a directory that is taken, and suggest a free one', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'summariser'))
    writeFileSync(join(cwd, 'summariser/mine.txt'), 'mine')
    const { code } = await type(
      cwd,
      ['new', 'summariser', ...QUICK],
      [
        ['summariser-2', `summariser${ENTER}`],
        ['is not empty: mine.txt', `\u0015${ENTER}`],
      ],
    )
    expect({ code, written: readdirSync(cwd) }).toEqual({ code: 0, written: ['summariser', 'summariser-2'] })
    expect(readdirSync(join(cwd, 'summariser'))).toEqual(['mine.txt'])
  })

  it('ask again for a taken directory of the command line before any other question', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'bot'))
    writeFileSync(join(cwd, 'bot/mine.txt'), 'mine')
    const { code } = await type(
      cwd,
      ['new', 'rag-bot', 'bot', ...QUICK],
      [
        ['is not empty: mine.txt', ENTER],
        ['Where the index lives', ENTER],
      ],
    )
    expect({ code, written: readdirSync(cwd) }).toEqual({ code: 0, written: ['bot', 'bot-2'] })
  })

  it('take a directory in which a killed run left work, as without a terminal', async () => {
    const cwd = workplace()
    mkdirSync(join(cwd, 'app/.ai-eng-starter-work'), { recursive: true })
    const { code } = await type(cwd, ['new', 'summariser', 'app', ...QUICK], [])
    expect(code).toBe(0)
    expect(existsSync(join(cwd, 'app/package.json'))).toBe(true)
  })
})

describe('how to start', () => {
  const script = (way: string): Script => [
    ['Which directory', ENTER],
    ['How do you want to start', way],
  ]

  it('is asked once there is a commit to build on, and building is what Enter chooses', async () => {
    const cwd = workplace()
    const { code, stdout, stderr } = await type(cwd, ['new', 'summariser', '--no-install'], script(ENTER))
    expect(code).toBe(0)
    expect(stderr).toContain('build the core yourself (recommended)')
    expect(stdout).toMatch(/npm ci\n\s+ai-eng-starter build\n/)
    expect(stdout).toContain('ai-eng-starter new summariser summariser --no-install --build')
  })

  it('may be the finished repo', async () => {
    const { code, stdout } = await type(
      workplace(),
      ['new', 'summariser', '--no-install'],
      script(DOWN + ENTER),
    )
    expect(code).toBe(0)
    expect(stdout).not.toContain('--build')
  })
})
