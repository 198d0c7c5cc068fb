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
import { causeOf } from './github.ts'
import type { GateWorld } from './world.ts'

interface Limits {
  offline: boolean
  /** Gates that call a model may run. */
  yes: boolean
}

/** Looks at one gate. Resolves to a finding also when a file or a service cannot be read; only a cancel, or a bug of ours, throws. */
export async function runGate(gate: Gate, world: GateWorld, { offline, yes }: Limits): Promise<Finding> {
  const wanted = gate.title
  if (offline && gate.cost !== 'free') return unknown('offline', { found: 'not looked at: offline', wanted })
  if (gate.cost === 'llm' && !yes)
    return unknown('needs-yes', { found: 'not looked at: it calls a model', wanted })
  try {
    return await look(gate, world)
  } catch (error) {
    world.signal.throwIfAborted()
    if (gate.cost !== 'free') return unknown('cannot-reach', { found: causeOf(error), wanted })
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    return unknown('cannot-read', { found: causeOf(error), wanted })
  }
}

function look(gate: Gate, world: GateWorld): Promise<Finding> | Finding {
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
