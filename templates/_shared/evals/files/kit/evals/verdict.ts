import type { EvalReport } from './report.ts'

/**
 * The verdict as people read it. A run without errors did run: where it has no verdict, what is missing is something
 * sound to compare it with.
 */
export function formatVerdict({ gate, summary }: Pick<EvalReport, 'gate' | 'summary'>): string {
  switch (gate.verdict) {
    case 'no-baseline':
      return 'NO BASELINE YET'
    case 'cannot-run':
      return summary.total > 0 && summary.errors === 0 ? 'CANNOT COMPARE' : 'CANNOT RUN'
    case 'pass':
    case 'regression':
    case 'inconclusive':
    case 'not-gated':
      return gate.verdict.replace('-', ' ').toUpperCase()
    default:
      return gate.verdict satisfies never
  }
}
