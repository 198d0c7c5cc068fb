import { type Finding, unknown } from '../../core/gates/finding.ts'
import type { Gate } from '../../core/roadmap/schema.ts'
import { checkAttest } from './check-attest.ts'
import { checkCi } from './check-ci.ts'
import { checkCommand } from './check-command.ts'
import { checkEval } from './check-eval.ts'
import { checkEvalDelta } from './check-eval-delta.ts'
import { checkFiles } from './check-files.ts'
import { checkHttp } from './check-http.ts'
import { checkMcp } from './check-mcp.ts'
import { checkProse } from './check-prose.ts'
import { checkPullRequest } from './check-pull-request.ts'
import type { GateWorld } from './world.ts'

interface Limits {
  offline: boolean
  /** Gates that call a model may run. */
  yes: boolean
}

/** Looks at one gate. Resolves to a finding whatever it meets; only a cancel throws. */
export async function runGate(gate: Gate, world: GateWorld, { offline, yes }: Limits): Promise<Finding> {
  const wanted = gate.title
  if (offline && gate.cost !== 'free') return unknown('offline', { found: 'not looked at: offline', wanted })
  if (gate.cost === 'llm' && !yes)
    return unknown('needs-yes', { found: 'not looked at: it calls a model', wanted })
  switch (gate.kind) {
    case 'files':
      return checkFiles(gate, world)
    case 'command':
      return checkCommand(gate, world)
    case 'eval':
      return checkEval(gate, world)
    case 'eval-delta':
      return checkEvalDelta(gate, world)
    case 'ci':
      return checkCi(gate, world)
    case 'http':
      return checkHttp(gate, world)
    case 'mcp':
      return checkMcp(gate, world)
    case 'prose':
      return checkProse(gate, world)
    case 'pull-request':
      return checkPullRequest(gate, world)
    case 'attest':
      return checkAttest(gate, world)
    default:
      return gate satisfies never
  }
}
