/** Every reason that a gate of each kind can give for not passing. The build refuses a roadmap in which one of them has no hint. */
export const CODES = {
  files: [
    'nothing-there',
    'too-few',
    'still-the-sample',
    'too-short',
    'wrong-case',
    'no-match',
    'bad-format',
  ],
  command: [
    'nothing-own',
    'not-installed',
    'failed',
    'no-assertion',
    'too-few-tests',
    'skipped-tests',
    'timeout',
    'no-report',
  ],
  eval: [
    'no-cases',
    'bad-cases',
    'too-few-cases',
    'too-few-own',
    'no-report',
    'bad-report',
    'contradicts-itself',
    'stale-report',
    'not-passing',
    'no-baseline',
    'bad-baseline',
    'no-real-model',
    'not-covered',
  ],
  'eval-delta': [
    'no-pair',
    'bad-report',
    'contradicts-itself',
    'not-comparable',
    'same-run',
    'too-few-paired',
    'no-note',
    'short-note',
  ],
  ci: ['no-git', 'no-remote', 'not-github', 'not-pushed', 'no-run', 'running', 'red', 'job-skipped'],
  http: [
    'no-project',
    'no-url',
    'bad-url',
    'local-address',
    'no-answer',
    'bad-status',
    'no-commit',
    'other-commit',
  ],
  mcp: ['not-installed', 'no-handshake', 'too-few-tools', 'call-failed', 'timeout'],
  prose: [
    'no-path',
    'not-found',
    'wrong-case',
    'placeholder',
    'too-short',
    'no-section',
    'no-trade-off',
    'no-number',
    'no-link',
  ],
  'pull-request': ['no-url', 'bad-url', 'own-repo', 'closed', 'not-found'],
  attest: ['no-answer', 'too-short'],
} as const satisfies Record<string, readonly string[]>

/** Reasons for which any gate may be neither met nor unmet. */
export const UNKNOWN_CODES = [
  'not-checked',
  'offline',
  'cannot-reach',
  'cannot-read',
  'not-allowed',
  'needs-yes',
] as const

type GateKind = keyof typeof CODES
type FailureCode = (typeof CODES)[GateKind][number]
type UnknownCode = (typeof UNKNOWN_CODES)[number]
export type Code = FailureCode | UnknownCode

export const KINDS = Object.keys(CODES) as GateKind[]
