import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MineResult } from '../../src/commands/mine.ts'
import type { Share } from '../../src/core/share/share.ts'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

/** Each generates a project and compares it a few times. */
const SLOW = { timeout: 60_000 }

async function generate(flags: readonly string[] = []): Promise<string> {
  const cwd = temporaryDirectory()
  const { code } = await cli(['new', 'summariser', 'notes', '--yes', '--no-install', ...flags], { cwd })
  expect(code).toBe(0)
  return join(cwd, 'notes')
}

async function measure(project: string, env: NodeJS.ProcessEnv = {}): Promise<Share> {
  const { code, stdout } = await cli(['status', '--mine', '--json'], { cwd: project, env })
  expect(code).toBe(0)
  const [share] = (JSON.parse(stdout).result as MineResult).projects
  if (!share) throw new Error('no project was compared')
  return share
}

function edit(project: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(project, path), change(readFileSync(join(project, path), 'utf8')))
}

/** What a learner does: edits code and a rendered file, edits the kit, adds a test, runs a command that writes. */
function work(project: string): void {
  edit(project, 'src/summarise.ts', (text) => `// mine\n// mine too\n${text}`)
  edit(project, 'README.md', (text) => `${text}\nMy own notes.\n`)
  edit(project, 'kit/llm/answer.ts', (text) => `${text}// patched\n`)
  edit(project, 'evals/baseline.heuristic.json', (text) => text.replace('"pass"', '"fail"'))
  writeFileSync(join(project, 'test/mine.test.ts'), 'one\ntwo\nthree\n')
  rmSync(join(project, '.nvmrc'))
}

const WORKED = [
  { path: '.nvmrc', part: 'own', change: 'deleted', added: 0, removed: 1 },
  { path: 'README.md', part: 'own', change: 'changed', added: 2, removed: 0 },
  { path: 'evals/baseline.heuristic.json', part: 'measured', change: 'changed', added: 1, removed: 1 },
  { path: 'kit/llm/answer.ts', part: 'kit', change: 'changed', added: 1, removed: 0 },
  { path: 'src/summarise.ts', part: 'own', change: 'changed', added: 2, removed: 0 },
  { path: 'test/mine.test.ts', part: 'own', change: 'new', added: 3, removed: 0 },
]

describe('status --mine', SLOW, () => {
  it('finds no line of yours in a fresh project, and every file unchanged', async () => {
    const share = await measure(await generate())
    expect(share).toMatchObject({ files: [], unknown: [], template: 'summariser', adopted: false })
    expect(share.unchanged).toBeGreaterThan(50)
  })

  it('counts your lines, edits of the kit and files that commands wrote apart', async () => {
    const project = await generate()
    work(project)
    const before = snapshot(project)
    const { files, totals, unknown } = await measure(project)
    expect(files).toEqual(WORKED)
    expect(unknown).toEqual([])
    expect(totals).toEqual({
      own: { files: 3, added: 7, removed: 0, uncounted: 0 },
      kit: { files: 1, added: 1, removed: 0, uncounted: 0 },
      measured: { files: 1, added: 1, removed: 1, uncounted: 0 },
    })
    expect(snapshot(project)).toEqual(before)
  })

  it('says so for people, file by file', async () => {
    const project = await generate()
    work(project)
    const { stdout } = await cli(['status', '--mine'], { cwd: project })
    expect(stdout).toContain('notes/, from the summariser template of ai-eng-starter')
    expect(stdout).toContain('yours     3 files, 7 lines added, 0 removed')
    expect(stdout).toContain('kit       1 file, 1 line added, 0 removed, edited by you')
    expect(stdout).toContain('measured  1 file that commands wrote')
    expect(stdout).toMatch(/template {2}\d+ files unchanged, 1 deleted/)
    expect(stdout).toMatch(/\+3 -0 {2}test\/mine\.test\.ts \(new\)/)
    const above = await cli(['status', '--mine'], { cwd: join(project, '..') })
    expect(above.stdout).toContain('yours     3 files, 7 lines added, 0 removed')
  })

  it('is the same without git history, and after work was committed', async () => {
    const bare = await generate(['--no-git'])
    work(bare)
    expect((await measure(bare)).files).toEqual(WORKED)
    const committed = await generate()
    work(committed)
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], {
        cwd: committed,
      })
    git('add', '-A')
    git('commit', '-q', '-m', 'work')
    expect((await measure(committed)).files).toEqual(WORKED)
  })

  it('counts no line of a template file that was moved, copied, or checked out with other line endings', async () => {
    const project = await generate()
    renameSync(join(project, 'src/summarise.ts'), join(project, 'src/renamed.ts'))
    edit(project, 'LICENSE', (text) => text.replaceAll('\n', '\r\n'))
    mkdirSync(join(project, 'copies'))
    writeFileSync(join(project, 'copies/main.ts'), readFileSync(join(project, 'src/main.ts')))
    expect((await measure(project)).files).toEqual([])
    edit(project, 'src/renamed.ts', (text) => `// mine\n${text}`)
    expect((await measure(project)).files).toEqual([
      { path: 'src/renamed.ts', part: 'own', change: 'moved', added: 1, removed: 0 },
    ])
  })

  it('counts neither ignored files nor lock files nor records of evidence', async () => {
    const project = await generate()
    await cli(['check', '--offline'], { cwd: project })
    writeFileSync(join(project, '.env'), 'SECRET=1\n')
    edit(project, 'package-lock.json', (text) => `${text}\n`)
    expect((await measure(project)).files).toEqual([])
  })

  describe('when the original text is neither in git nor in this version', () => {
    it('lists the file with its lines unknown', async () => {
      const project = await generate(['--no-git'])
      edit(project, '.ai-eng/project.json', (text) => {
        const json = JSON.parse(text)
        json.files['src/summarise.ts'] = `sha256-${'0'.repeat(64)}`
        return JSON.stringify(json)
      })
      const { files } = await measure(project)
      expect(files).toEqual([
        { path: 'src/summarise.ts', part: 'own', change: 'changed', added: null, removed: null },
      ])
      expect((await cli(['status', '--mine'], { cwd: project })).stdout).toContain(
        '1 file, lines of 1 unknown',
      )
    })

    it('says of which files it cannot know, in a project of a version that recorded fewer hashes', async () => {
      const forget = (project: string) =>
        edit(project, '.ai-eng/project.json', (text) => {
          const { rendered: _, ...json } = JSON.parse(text)
          return JSON.stringify(json)
        })
      const bare = await generate(['--no-git'])
      forget(bare)
      const unsure = await measure(bare)
      expect(unsure.unknown).toEqual(expect.arrayContaining(['README.md', 'package.json']))
      expect(unsure.files).toEqual([])
      const withHistory = await generate()
      forget(withHistory)
      work(withHistory)
      const known = await measure(withHistory)
      expect(known).toMatchObject({ unknown: [], files: WORKED })
    })
  })

  it('counts everything in an adopted repo as yours', async () => {
    const project = join(temporaryDirectory(), 'mine')
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), '{"name":"mine"}\n')
    await cli(['adopt', 'summariser', project, '--offline'], { cwd: join(project, '..') })
    expect(await measure(project)).toMatchObject({
      adopted: true,
      unchanged: 0,
      files: [{ path: 'package.json', part: 'own', change: 'new', added: 1 }],
    })
  })

  it('still names the files when git is not installed', async () => {
    const project = await generate(['--no-git'])
    work(project)
    const { files } = await measure(project, { PATH: '' })
    expect(files.map(({ path }) => path)).toEqual(WORKED.map(({ path }) => path))
    expect(files.every(({ added }) => added === null)).toBe(true)
  })

  it('refuses outside of a roadmap in two lines', async () => {
    const { code, stderr } = await cli(['status', '--mine'], { cwd: temporaryDirectory() })
    expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 2 })
  })
})

describe('a generated repo', SLOW, () => {
  it('says where it came from, and carries a license for that part alone', async () => {
    const project = await generate()
    const readme = readFileSync(join(project, 'README.md'), 'utf8')
    expect(readme).toMatch(/Generated by \[ai-eng-starter\]\(https:\/\/\S+\)/)
    expect(readme).toContain('(LICENSE)')
    const license = readFileSync(join(project, 'LICENSE'), 'utf8')
    expect(license.endsWith(readFileSync('LICENSE', 'utf8'))).toBe(true)
    expect(license).toContain('covers what came from a template, and nothing else')
    expect(license).toMatch(/the author's own work/)
  })
})
