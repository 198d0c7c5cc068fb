import type { Baseline } from '#kit/evals/baseline'
import type { HistoryEntry } from '#kit/evals/history'
import type { CaseResult, EvalReport } from '#kit/evals/report'
import { summariseCases } from '#kit/evals/summary'

const HASH = '0'.repeat(64)
const provider = { name: 'openai-compatible', model: 'scripted', deterministic: false }

export function result(changes: Partial<CaseResult> = {}): CaseResult {
  return {
    ...{ id: 'fees', caseHash: HASH, critical: false, tags: [], outcome: 'pass', score: 1, error: null },
    ...{ grades: [{ grader: 'facts', pass: true, score: 1, reason: '2 of 2 facts kept' }] },
    ...{ input: 'What does it cost?', expected: '9 euros.', output: 'It costs 9 euros.' },
    ...{ latencyMs: 120, usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.001 } },
    ...changes,
  }
}

export function report(cases: CaseResult[], gate: Partial<EvalReport['gate']> = {}): EvalReport {
  return {
    ...{
      schema: 'eval-report.v1',
      name: 'membership',
      startedAt: '2026-01-02T03:04:05.000Z',
      durationMs: 1500,
    },
    ...{ commit: null, dirty: null, provider, cases, summary: summariseCases(cases) },
    hashes: { cases: HASH, graders: HASH, prompts: HASH, harness: HASH },
    gate: {
      ...{ verdict: 'pass', exitCode: 0, reasons: [], notes: [], gained: [], lost: [], unblessed: [] },
      ...{ baseline: null, delta: null },
      ...gate,
    },
  }
}

export function baseline(cases: Baseline['cases']): Baseline {
  return {
    schema: 'eval-baseline.v1',
    provider,
    hashes: { graders: HASH, prompts: HASH, harness: HASH },
    cases,
  }
}

export function entry(changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    ...{
      at: '2026-01-01T00:00:00.000Z',
      commit: null,
      suite: 'membership',
      provider: provider.name,
      model: provider.model,
    },
    ...{ passed: 1, total: 2, meanScore: 0.5, p50LatencyMs: 100, costUsd: 0.002 },
    ...changes,
  }
}
