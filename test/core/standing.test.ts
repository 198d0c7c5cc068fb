import { describe, expect, it } from 'vitest'
import type { Evidence, LastChecks } from '../../src/core/state/files.ts'
import { NO_SETTINGS } from '../../src/core/state/files.ts'
import { deriveStep, findStanding } from '../../src/core/state/progress.ts'
import { gate } from '../io/gates/gate-world.ts'

const own = {
  kind: 'eval',
  suite: 'chat',
  cases: 'evals/cases.jsonl',
  record: 'report',
  inputs: ['evals/**'],
}
const ownCases = { ...gate(own), id: 'own-cases' }

const passed: Evidence = {
  ...{ schemaVersion: 1, gate: 'own-cases', gateHash: 'hash', result: 'passed', inputs: 'same' },
  ...{ at: '2026-11-25T08:00:00.000Z', commit: 'c', dirty: false, found: '2/2 cases pass', data: {} },
  env: { cli: '1', node: 'v24', ci: false },
}

function derive(code: string, { evidence = [passed], inputs = 'same', gate = ownCases } = {}) {
  const at = '2026-11-26T08:00:00.000Z'
  const check = { gateHash: 'hash', at, result: 'failing' as const, code, found: 'x', wanted: 'y' }
  const last: LastChecks = { [gate.id]: check }
  const step = {
    id: 'chat',
    title: 'Chat',
    summary: '',
    evenings: 1,
    optional: false,
    aliases: [],
    gates: [gate],
    can: 'chat',
    retired: [],
  }
  const known = { evidence, last, inputsOf: () => inputs }
  return deriveStep(step, known, NO_SETTINGS)[0]?.status
}

describe('a gate that has passed', () => {
  it.each(['no-report', 'bad-report', 'contradicts-itself', 'stale-report', 'not-passing', 'of-a-model'])(
    'stays passed with the same files, whatever a report that git ignores says: %s',
    (code) => expect(derive(code)).toBe('passed'),
  )

  it.each(['bad-cases', 'too-few-cases', 'no-cases'])('is lost to what git holds: %s', (code) =>
    expect(derive(code)).toBe('failing'),
  )

  it('is lost once its files change, the gate changes, or the pass was revoked', () => {
    expect(derive('not-passing', { inputs: 'other' })).toBe('failing')
    expect(derive('not-passing', { evidence: [{ ...passed, gateHash: 'older' }] })).toBe('failing')
    const reset = { ...passed, result: 'reset' as const, at: '2026-11-25T09:00:00.000Z' }
    expect(derive('not-passing', { evidence: [passed, reset] })).toBe('failing')
    expect(derive('not-passing', { evidence: [] })).toBe('failing')
  })

  it('does not stand on no files at all', () => {
    const known = { evidence: [passed], inputsOf: () => 'same' }
    expect(findStanding(ownCases, 'no-report', known)).toBe(passed)
    expect(findStanding({ ...ownCases, inputs: [] }, 'no-report', known)).toBeUndefined()
  })

  it('of a test stays passed in a fresh clone without node_modules, and not with a red test', () => {
    const test = {
      ...gate({ kind: 'command', argv: ['x'], minTests: 1, inputs: ['test/**'] }),
      id: 'own-test',
    }
    const evidence = [{ ...passed, gate: 'own-test' }]
    expect(derive('not-installed', { evidence, gate: test })).toBe('passed')
    expect(derive('failed', { evidence, gate: test })).toBe('failing')
  })
})
