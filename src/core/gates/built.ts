import * as z from 'zod/mini'
import { type BuildRecord, pickRecords } from '../exercises/records.ts'
import { countNoun, listNames } from '../words.ts'
import { amount, common } from './fields.ts'
import { type Finding, fail, pass } from './finding.ts'
import { defineKind, makeLink } from './kind.ts'

export interface BuiltFacts {
  records: readonly BuildRecord[]
  /** Commits of records that are part of the history of HEAD. */
  commits: ReadonlySet<string>
  /** `owner/name` on github.com; null for other hosts, or without a remote. */
  github: string | null
}

const codes = ['none-built', 'too-few', 'not-counted'] as const
const built = z.looseObject({
  exercise: z.string(),
  title: z.string(),
  functions: z.array(z.string()),
  takenOut: z.string(),
  commit: z.string(),
  lines: z.object({ yours: z.number(), reference: z.number() }),
})
const evidence = z.looseObject({
  github: z.nullable(z.string()),
  built: z.array(built).check(z.minLength(1)),
})

/** The learner built enough exercises without giving up, in code of their own. */
export const builtKind = defineKind({
  schema: z.strictObject({
    ...common,
    kind: z.literal('built'),
    /** How many exercises. */
    min: amount,
  }),
  codes,
  evidence,
  isScored: true,
  judge(gate, { records, commits, github }: BuiltFacts): BuiltFinding {
    const picked = [...pickRecords(records).values()]
    const counted = picked.filter(({ result, commit }) => result === 'built' && commits.has(commit))
    const wanted = `${countNoun(gate.min, 'exercise')} built`
    const where = '.ai-eng/builds'
    const names = listNames(
      counted.map(({ exercise }) => exercise),
      4,
    )
    if (counted.length >= gate.min)
      return pass(`built ${names}`, { github, built: counted.map(keepFields) }, where)
    if (counted.length > 0) return fail('too-few', { found: `built ${names}`, wanted, where })
    if (picked.length === 0) return fail('none-built', { found: 'no exercise built yet', wanted, where })
    return fail('not-counted', { found: picked.map(describeRecord).join(', '), wanted, where })
  },
  portfolio: {
    part: 'projects',
    label: 'Built by hand',
    describe: (_, data) => ({
      label: 'Built by hand',
      text: data.built
        .map(
          ({ title, functions, lines }) =>
            `${title} (${functions.join(', ')}; ${countNoun(lines.yours, 'line')})`,
        )
        .join('; '),
    }),
    findLinks: (_, { github, built: exercises }) =>
      exercises.flatMap(({ exercise, takenOut, commit }) =>
        github === null
          ? []
          : [
              makeLink(
                'page',
                `diff of ${exercise}`,
                `https://github.com/${github}/compare/${takenOut}...${commit}`,
              ),
            ],
      ),
  },
})

type BuiltFinding = Finding<(typeof codes)[number], z.infer<typeof evidence>>

function keepFields({ exercise, title, functions, takenOut, commit, lines }: BuildRecord) {
  return { exercise, title, functions, takenOut, commit, lines }
}

const RESULTS: Record<BuildRecord['result'], string> = {
  built: 'built in another history',
  reference: "same as the template's code",
  'given-up': 'given up',
}

function describeRecord({ exercise, result }: BuildRecord): string {
  return `${exercise}: ${RESULTS[result]}`
}
