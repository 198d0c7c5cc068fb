import type { FactsOf, GateOf, Kind } from '../../core/gates/kinds.ts'
import { gatherAttest } from './attest.ts'
import { gatherBuilt } from './built.ts'
import { gatherCi } from './ci.ts'
import { gatherCommand } from './command.ts'
import { gatherEval } from './eval.ts'
import { gatherEvalDelta } from './eval-delta.ts'
import { gatherFiles } from './files.ts'
import { gatherHttp } from './http.ts'
import { gatherMcp } from './mcp.ts'
import { gatherProse } from './prose.ts'
import { gatherPullRequest } from './pull-request.ts'
import type { GateWorld } from './world.ts'

const GATHERERS: { [K in Kind]: (gate: GateOf<K>, world: GateWorld) => FactsOf<K> | Promise<FactsOf<K>> } = {
  files: gatherFiles,
  command: gatherCommand,
  eval: gatherEval,
  'eval-delta': gatherEvalDelta,
  ci: gatherCi,
  http: gatherHttp,
  mcp: gatherMcp,
  prose: gatherProse,
  'pull-request': gatherPullRequest,
  built: gatherBuilt,
  attest: gatherAttest,
}

/** Gathers the facts that decide a gate. Rejects with the errors of the file system, git or the network. */
export async function gatherFacts<K extends Kind>(
  gate: GateOf<K> & { kind: K },
  world: GateWorld,
): Promise<FactsOf<K>> {
  return GATHERERS[gate.kind](gate, world)
}
