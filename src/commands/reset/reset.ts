import { UsageError } from '../../core/errors.ts'
import { type FoundGate, findGates } from '../../core/roadmap/find-gates.ts'
import { chooseNextAction, type NextAction, type StepState } from '../../core/state/road.ts'
import { escapeInvisible } from '../../core/text.ts'
import { forgetGates } from '../../io/state/record.ts'
import { applyRecorded, describeCircumstances, findHome } from '../check/check-step.ts'
import { deriveStanding, readRoad } from '../road.ts'
import { gateName } from '../skip.ts'
import type { World } from '../world.ts'

export interface ResetResult {
  /** Gates that no longer pass, such as `extractor/own-cases`. */
  gates: string[]
  /** Paths, in the roadmap folder, of the records that say so. */
  evidence: string[]
  directory: string
  next: NextAction
}

/**
 * Forgets that gates passed, so that they have to pass again. Deletes nothing: it writes a record that says
 * so, and earlier records stay. Throws a UsageError for an unknown name, or gates that were never checked.
 */
export async function resetGates(name: string | undefined, world: World): Promise<ResetResult> {
  const { folder: before, road } = readRoad(world)
  const found = name === undefined ? listGates(road.current) : findGates(name, road)
  const known = found.filter(isKnown)
  if (known.length === 0)
    throw new UsageError(
      `${name === undefined ? 'This step' : escapeInvisible(name)} has no checks to forget`,
      'Run ai-eng-starter status to see which gates have been checked',
    )
  const evidence: string[] = []
  let folder = before
  for (const at of new Set(known.map((one) => one.at))) {
    const home = findHome(at, folder)
    if (!home) continue
    const gates = known.filter((one) => one.at === at).map(({ gate }) => gate)
    const forgotten = await forgetGates(home, gates, await describeCircumstances(home.directory, world))
    const applied = applyRecorded(folder, home, forgotten)
    evidence.push(...applied.evidence)
    folder = applied.folder
  }
  const next = chooseNextAction(deriveStanding(folder, world).road)
  return { gates: known.map(gateName), evidence, directory: folder.directory, next }
}

function listGates(at: StepState | null): FoundGate[] {
  return at ? at.step.gates.map((gate) => ({ at, gate })) : []
}

function isKnown({ at, gate }: FoundGate): boolean {
  const state = at.gates.find((one) => one.gate === gate)
  return state !== undefined && state.at !== null && state.status !== 'waived'
}
