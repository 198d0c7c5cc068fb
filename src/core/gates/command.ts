import * as z from 'zod/mini'
import { quoteShellCommand } from '../../../templates/_shared/console/files/kit/console/shell.ts'
import { countNoun } from '../words.ts'
import { amount, common, count, inside, words } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind } from './kind.ts'

/** Read from vitest's or Jest's JSON report. */
export interface TestCounts {
  passed: number
  failed: number
  /** Skipped or todo. */
  skipped: number
  /** Failed because they assert nothing. */
  unasserted: number
}

export interface CommandFacts {
  /** The learner's own files, among those that the gate names. */
  own: readonly string[]
  isInstalled: boolean
  /** Null when there was no reason to run it. */
  run: { ok: boolean; reason: string; output: string; isLate: boolean; counts: TestCounts | undefined } | null
}

const codes = [
  'nothing-own',
  'not-installed',
  'failed',
  'no-assertion',
  'too-few-tests',
  'skipped-tests',
  'timeout',
  'no-report',
] as const
const evidence = z.looseObject({ tests: z.number(), files: z.optional(z.array(z.string())) })

/**
 * The command succeeds and its report counts enough tests that ran: an exit code of 0 does not prove that any
 * test ran.
 */
export const command = defineKind({
  schema: z.strictObject({
    ...common,
    kind: z.literal('command'),
    /** `{own}` stands for the learner's own files, `{report}` for the path of vitest's JSON report. */
    argv: words,
    own: z._default(z.array(inside), []),
    minTests: amount,
    maxSkipped: z._default(count, 0),
    timeoutSeconds: z._default(amount, 120),
  }),
  codes,
  untracked: ['not-installed'],
  evidence,
  isScored: false,
  judge(
    gate,
    { own, isInstalled, run }: CommandFacts,
  ): Finding<(typeof codes)[number], z.infer<typeof evidence>> {
    const wanted = `${countNoun(gate.minTests, 'test')} or more that ran and passed`
    if (gate.own.length > 0 && own.length === 0)
      return fail('nothing-own', { found: 'no test file you wrote', wanted, where: gate.own.join(', ') })
    if (!isInstalled || !run)
      return fail('not-installed', { found: 'no node_modules here', wanted: 'installed dependencies' })
    const where = showCommand(gate.argv, own)
    if (run.isLate) return fail('timeout', { found: run.reason, wanted, where })
    const { counts } = run
    if (!run.ok) return judgeFailure(run, wanted, where)
    if (!counts) return fail('no-report', { found: 'no report', wanted, where })
    const { passed, skipped } = counts
    if (passed < gate.minTests)
      return fail('too-few-tests', {
        found: `it succeeded and ran ${countNoun(passed, 'test')}`,
        wanted,
        where,
      })
    if (skipped > gate.maxSkipped)
      return fail('skipped-tests', {
        found: countNoun(skipped, 'skipped test'),
        wanted: `at most ${gate.maxSkipped}`,
        where,
      })
    return pass(`${countNoun(passed, 'test')} passed`, { tests: passed, files: [...own] }, where)
  },
  portfolio: {
    part: 'projects',
    label: 'Own tests',
    describe: (_, { tests }) => ({ label: 'Own tests', text: `${countNoun(tests, 'test')} passed` }),
  },
})

function judgeFailure(
  { counts, reason, output }: NonNullable<CommandFacts['run']>,
  wanted: string,
  where: string,
): Finding<'no-assertion' | 'failed', never> {
  if (counts && counts.unasserted === counts.failed && counts.failed > 0)
    return fail('no-assertion', {
      found: `${countNoun(counts.unasserted, 'test')} without an assertion`,
      wanted,
      where,
    })
  const found = counts ? `${counts.failed} of ${counts.passed + counts.failed} tests failed` : reason
  return fail('failed', { found, wanted, where, data: { lines: keepLastLines(output) } })
}

/** As the learner would type it. */
function showCommand(argv: readonly string[], own: readonly string[]): string {
  return quoteShellCommand(
    argv.flatMap((word) => (word === '{own}' ? own : word.includes('{report}') ? [] : [word])),
  )
}

function keepLastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-12).join('\n')
}
