import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { evalReport } from '../templates/_shared/evals/files/kit/evals/report.ts'
import { cli } from './cli/run.ts'
import { temporaryDirectory } from './temporary.ts'

function contract(name: string) {
  return JSON.parse(readFileSync(new URL(`../docs/contracts/${name}`, import.meta.url), 'utf8'))
}

const kept = mkdtempSync(join(tmpdir(), 'ai-eng-contracts-'))
afterAll(() => rmSync(kept, { recursive: true, force: true }))
let checked: Promise<string> | undefined

/** A roadmap folder with a checked project, `app`, made once and copied. */
async function roadmapFolder(): Promise<string> {
  checked ??= makeChecked()
  const cwd = temporaryDirectory()
  cpSync(await checked, cwd, { recursive: true })
  return cwd
}

async function makeChecked(): Promise<string> {
  const cwd = kept
  await cli(['new', 'summariser', 'app', '--yes', '--no-install', '--no-git'], { cwd })
  await cli(['check', '--offline'], { cwd })
  return cwd
}

describe('cli.v1', () => {
  const schema = z.fromJSONSchema(contract('cli.v1.schema.json'))

  it('is what every command prints, for success and for failure', async () => {
    const cwd = temporaryDirectory()
    mkdirSync(join(cwd, 'full'))
    writeFileSync(join(cwd, 'full/file'), '')
    const runs = [
      ['list'],
      ['new', 'summariser', 'app', '--yes', '--dry-run'],
      ['new', 'nope'],
      ['new'],
      ['nope'],
      ['new', 'summariser', 'full', '--yes'],
    ]
    for (const args of runs) {
      const { code, stdout } = await cli([...args, '--json'], { cwd })
      const document = JSON.parse(stdout)
      expect(schema.safeParse(document).error).toBeUndefined()
      expect(document.ok).toBe(code === 0)
      if (!document.ok) expect(document.error.exitCode).toBe(code)
    }
  })

  it.each([
    ['status', ['status']],
    ['mine', ['status', '--mine']],
    ['check', ['check']],
    ['hint', ['hint', 'own-cases', '--level', '2']],
    ['roadmap', ['roadmap']],
    ['doctor', ['doctor']],
    ['portfolio', ['portfolio']],
    ['set', ['set', 'postPath', 'portfolio/post.md']],
    ['start', ['start', '--at', 'm1']],
    ['adopt', ['adopt', 'summariser', 'app', '--offline']],
    ['reset', ['reset']],
    ['resetFiles', ['reset', '--files', '--yes']],
    ['skip', ['skip', 'm1', '--reason', 'known from work']],
    ['nextResult', ['next', '--yes']],
    ['nextResult', ['next', '--yes', '--dry-run', '--force', '--reason', 'known from work']],
  ])('holds what %s results in', async (name, args) => {
    const cwd = await roadmapFolder()
    const { stdout } = await cli([...args, '--json'], { cwd })
    const { $defs } = contract('cli.v1.schema.json')
    const document = JSON.parse(stdout)
    expect(schema.safeParse(document).error).toBeUndefined()
    expect(z.fromJSONSchema({ ...$defs[name], $defs }).safeParse(document.result).error).toBeUndefined()
  })

  it('would not accept a document of another version', () => {
    expect(schema.safeParse({ schemaVersion: 2, command: 'list', ok: true, result: {} }).success).toBe(false)
  })
})

describe('portfolio.v1', () => {
  it('is what portfolio.json holds', async () => {
    const cwd = temporaryDirectory()
    await cli(['new', 'summariser', 'app', '--yes', '--no-install', '--no-git'], { cwd })
    await cli(['check', 'same-prompt', '--answer', 'the words, never the numbers'], { cwd })
    await cli(['portfolio'], { cwd })
    const document = JSON.parse(readFileSync(join(cwd, 'portfolio/portfolio.json'), 'utf8'))
    const schema = z.fromJSONSchema(contract('portfolio.v1.schema.json'))
    expect(schema.safeParse(document).error).toBeUndefined()
    expect(schema.safeParse({ ...document, schema: 'portfolio.v2' }).success).toBe(false)
  })
})

describe('eval-report.v1', () => {
  it('is the schema that the evals layer validates its reports with', () => {
    expect(JSON.parse(JSON.stringify(z.toJSONSchema(evalReport)))).toEqual(
      contract('eval-report.v1.schema.json'),
    )
  })
})

describe('ask-sse.v1', () => {
  it('is the same in the repos that speak it', () => {
    const theirs = new URL('../templates/rag-bot/files/docs/ask-sse.v1.schema.json', import.meta.url)
    expect(JSON.parse(readFileSync(theirs, 'utf8'))).toEqual(contract('ask-sse.v1.schema.json'))
  })
})
