import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  applyAppend,
  checkStep,
  copyMaterial,
  freshGround,
  removeGrounds,
  roadmap,
  runAs,
} from '../solved/ground.ts'
import { readOverlay } from '../solved/overlay.ts'
import { temporaryDirectory } from '../temporary.ts'

afterAll(removeGrounds, 120_000)

/** `change DOCS in evals/sample.ts`, in any hint of any gate. */
const moves = roadmap.steps.flatMap(({ template, gates }) =>
  gates.flatMap(({ id, hints }) =>
    hints.flatMap((hint) => {
      const [, name, path] = /\bchange ([A-Z]+) in ([\w/-]+\.ts)\b/.exec(hint) ?? []
      return template && name && path ? [{ template, gate: id, name, path }] : []
    }),
  ),
)

it('there are such hints', () => expect(moves.map(({ template }) => template)).toContain('rag-bot'))

it('documents that a rag-bot ingested from elsewhere count, as its hint says', {
  timeout: 300_000,
}, async () => {
  const ground = await freshGround('rag-bot')
  const elsewhere = temporaryDirectory()
  copyMaterial(readOverlay('rag-bot'), elsewhere)
  expect((await checkStep(ground, 'rag-bot'))['own-documents']).toMatchObject({ code: 'still-the-sample' })
  const ingest = ['npm', 'run', '--silent', 'ingest', '--', join(elsewhere, 'docs-sample')]
  expect(await runAs('heuristic', ingest, ground.project)).toMatchObject({ code: 0 })
  expect((await checkStep(ground, 'rag-bot'))['own-documents']).toMatchObject({
    status: 'passed',
    found: expect.stringMatching(/^\d+ files of yours: house\//),
  })
})

describe.each(moves)(
  'the hint of $template/$gate to change $name in $path',
  ({ template, gate, name, path }) => {
    it('moves every suite and test to the other folder, and the gates follow', {
      timeout: 600_000,
    }, async () => {
      const ground = await freshGround(template)
      const { project } = ground
      const overlay = readOverlay(template)
      const source = readFileSync(join(project, path), 'utf8')
      const folder = new RegExp(`\\b${name} = '([^']+)'`).exec(source)?.[1] ?? ''
      cpSync(join(overlay.files ?? '', folder), join(project, folder), { recursive: true })
      applyAppend(overlay, project)
      renameSync(join(project, folder), join(project, 'handbook'))
      writeFileSync(join(project, path), source.replace(`'${folder}'`, "'handbook'"))

      for (const argv of [
        ['npm', 'run', '--silent', 'eval:bless'],
        ['npm', 'run', '--silent', 'eval'],
        ['npm', 'test'],
      ]) {
        const { code, stdout, stderr } = await runAs('heuristic', argv, project)
        expect(code, `${argv.join(' ')}\n${stdout.slice(-6_000)}\n${stderr.slice(-3_000)}`).toBe(0)
      }
      expect(existsSync(join(project, folder))).toBe(false)
      const gates = await checkStep(ground, template)
      const about = Object.entries(gates).filter(([id]) => /^own-(?!test|tool)/.test(id))
      expect(about.filter(([, { status }]) => status !== 'passed')).toEqual([])
      expect(about.map(([id]) => id)).toContain(gate)
    })
  },
)
