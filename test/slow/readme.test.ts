import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cli } from '../cli/run.ts'
import { temporaryDirectory } from '../temporary.ts'

/** The text of the n-th code block below a heading. */
function findBlock(heading: string, index: number): string {
  const readme = readFileSync('README.md', 'utf8')
  const section = readme.slice(readme.indexOf(`## ${heading}`))
  return [...section.matchAll(/^```\n([\s\S]*?)^```$/gm)][index]?.[1] ?? ''
}

it('shows the evening of the README as its commands really go', { timeout: 300_000 }, async () => {
  const [generate = '', show = '', serve = ''] = findBlock('One evening', 0).split('\n')
  const cwd = temporaryDirectory()
  const args = /npm start -- (new rag-bot) \.\.\/my-bot --yes/.exec(generate)?.[1]?.split(' ') ?? []
  expect(await cli([...args, 'my-bot', '--yes', '--no-install'], { cwd })).toMatchObject({ code: 0 })
  const project = join(cwd, 'my-bot')
  // Installing would take minutes and give the same packages: a test compares their versions with this repository's.
  symlinkSync(join(process.cwd(), 'node_modules'), join(project, 'node_modules'))
  const command = /cd \.\.\/my-bot && (npm run --silent demo)\b/.exec(show)?.[1] ?? ''
  const printed = execFileSync('sh', ['-c', `${command} 2>&1`], { cwd: project, encoding: 'utf8' })
  const shown = findBlock('One evening', 1).trimEnd()
  expect(shown.split('\n').length).toBeGreaterThan(4)
  expect(printed).toContain(shown)
  const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  expect(scripts[/npm run (\S+)/.exec(serve)?.[1] ?? '']).toBeDefined()
})
