import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadRoadmap } from '../../src/io/baked.ts'
import { temporaryDirectory } from '../temporary.ts'
import { cli } from './run.ts'

const roadmap = loadRoadmap(fileURLToPath(new URL('../../dist', import.meta.url)))
const env = { GITHUB_TOKEN: '', GH_TOKEN: '', NO_COLOR: '' }
const QUICK = ['--no-install', '--no-git', '--yes']

/** A folder with a rag-bot under another name, as far as its neighbours read it. */
function folderWithBot(): string {
  const cwd = temporaryDirectory()
  const file = { schemaVersion: 1, template: 'rag-bot', templateVersion: '0.1.0', options: {}, files: {} }
  mkdirSync(join(cwd, 'docs-bot/.ai-eng'), { recursive: true })
  writeFileSync(join(cwd, 'docs-bot/.ai-eng/project.json'), JSON.stringify(file))
  return cwd
}

async function run(cwd: string, ...args: string[]) {
  const { code, stdout } = await cli([...args, '--json'], { cwd, env })
  return { code, ...JSON.parse(stdout) }
}

describe('an eval-suite next to a rag-bot', () => {
  it('starts from that bot: its first commands and its hints are about it', async () => {
    const cwd = folderWithBot()
    const { result } = await run(cwd, 'new', 'eval-suite', 'suite', ...QUICK)
    expect(result.next).toEqual([
      'cd suite',
      'npm ci',
      'npm run eval:draft -- ../docs-bot',
      'npm run eval -- --target ../docs-bot',
      'npm test',
      'npm run eval',
    ])
    const hint = await run(join(cwd, 'suite'), 'hint', 'own-cases', '--level', '4')
    expect(hint.result.do).toContain('npm run eval:bless -- --target ../docs-bot')
    expect(hint.result.hints.join('\n')).toContain('npm run eval:draft -- ../docs-bot drafts cases')
    expect(JSON.stringify(hint)).not.toContain('{neighbour}')
    const checked = await run(join(cwd, 'suite'), 'check', 'own-cases')
    expect(checked.result.steps[0].gates[0]).toMatchObject({ status: 'failing', do: hint.result.do })
  })

  it('is what next makes of it', async () => {
    const cwd = folderWithBot()
    const before = ['summariser', 'extractor', 'notes-chat', 'rag-bot']
    const waivers = roadmap.steps
      .filter(({ id }) => before.includes(id))
      .flatMap(({ id, gates }) => gates.map((gate) => `${id}/${gate.id}`))
      .map((gate) => ({ gate, reason: 'not in this test', at: '2026-01-01T00:00:00.000Z' }))
    writeFileSync(join(cwd, 'ai-eng.json'), JSON.stringify({ schemaVersion: 1, vars: {}, waivers }))
    const { stdout } = await cli(['next', ...QUICK], { cwd, env })
    expect(stdout).toContain('Eval suite is ready in eval-suite. See it work:\n')
    expect(stdout).toContain('\n  npm run eval:draft -- ../docs-bot\n')
  })

  it('is made, with its own first commands, where the state of the neighbour is unreadable', async () => {
    const cwd = folderWithBot()
    writeFileSync(join(cwd, 'docs-bot/.ai-eng/project.json'), '{')
    const { code, result } = await run(cwd, 'new', 'eval-suite', 'suite', ...QUICK)
    expect({ code, first: result.next[2] }).toEqual({ code: 0, first: 'npm run eval' })
  })
})

describe('an eval-suite by itself', () => {
  it('starts from the bundled task', async () => {
    const cwd = temporaryDirectory()
    const { result } = await run(cwd, 'new', 'eval-suite', 'suite', ...QUICK)
    expect(result.next).toContain('npm run eval')
    expect(result.next.join('\n')).not.toContain('eval:draft')
    const hint = await run(join(cwd, 'suite'), 'hint', 'own-cases', '--level', '4')
    expect(hint.result.do).toContain('evals/material/')
    expect(JSON.stringify(hint)).not.toContain('../')
  })
})
