import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { applyEdits, copyMaterial, freshGround, removeGrounds, runAs } from '../solved/ground.ts'
import { readOverlay } from '../solved/overlay.ts'

/** What each template ships for the learner to replace: folders and files to remove, and the files of cases. `first`: what a hint says to run. */
const SAMPLES: Record<string, { material: string[]; cases: string[]; first?: string[] }> = {
  summariser: { material: ['evals/documents'], cases: ['evals/cases.jsonl'] },
  extractor: {
    material: ['evals/documents', 'evals/schemas/page.ts'],
    cases: ['evals/cases.jsonl'],
  },
  'notes-chat': { material: ['notes-sample'], cases: ['evals/cases.jsonl'] },
  'rag-bot': { material: ['docs-sample'], cases: ['evals/retrieval.jsonl', 'evals/answers.jsonl'] },
  'eval-suite': {
    material: [
      'evals/material',
      'evals/judge',
      'evals/held-out.jsonl',
      'evals/handbook.held-out.baseline.heuristic.json',
    ],
    cases: ['evals/cases.jsonl'],
  },
  agent: { material: ['incidents'], cases: ['evals/cases.jsonl'] },
  'mcp-server': {
    material: ['notes-sample'],
    cases: ['evals/cases.jsonl'],
    // As the hint about a tool of the learner's says.
    first: ['npx', 'vitest', 'run', '-u', 'test/tools.test.ts'],
  },
}

afterAll(removeGrounds, 120_000)

describe.each(Object.entries(SAMPLES))('%s, with other material and other cases', (template, sample) => {
  it('typechecks, and passes its tests and its evals, as its CI runs them', {
    timeout: 600_000,
  }, async () => {
    const { project } = await freshGround(template)
    const overlay = readOverlay(template)
    for (const path of sample.material) rmSync(join(project, path), { recursive: true })
    copyMaterial(overlay, project)
    for (const path of sample.cases) {
      const own = join(overlay.append ?? '', path)
      writeFileSync(join(project, path), readFileSync(own))
    }
    applyEdits(overlay, project)
    const why = ['--', '--reason', 'cases of our own']
    for (const argv of [
      ...(sample.first ? [sample.first] : []),
      ['npm', 'run', '--silent', 'eval:bless', ...why],
      ['npm', 'run', '--silent', 'typecheck'],
      ['npm', 'test'],
      ['npm', 'run', '--silent', 'eval'],
    ]) {
      const { code, stdout, stderr } = await runAs('heuristic', argv, project)
      expect(code, `${argv.join(' ')}\n${stdout.slice(-6_000)}\n${stderr.slice(-3_000)}`).toBe(0)
    }
  })
})
