import { UsageError } from '../core/errors.ts'
import { type FoundGate, findGates } from '../core/roadmap/find-gates.ts'
import type { Settings } from '../core/state/files.ts'
import { listNamesEver } from '../core/state/progress.ts'
import { chooseNextAction, type NextAction } from '../core/state/road.ts'
import { escapeInvisible } from '../core/text.ts'
import { type RoadmapFolder, SETTINGS_FILE } from '../io/state/folder.ts'
import { updateSettings } from '../io/state/write.ts'
import { deriveStanding, readRoad } from './road.ts'
import type { World } from './world.ts'

export interface SkipResult {
  /** Such as `extractor/own-cases`. */
  gates: string[]
  /** Null for unskip. */
  reason: string | null
  /** The file that holds it, in the roadmap folder. */
  file: string
  directory: string
  next: NextAction
}

/**
 * Excludes gates from the count, with a reason that is shown next to them. Gates that pass still count as
 * passed. Throws a UsageError for an unknown name, a missing reason, or gates that all pass.
 */
export async function skipGates(
  { name, reason }: { name: string; reason: string },
  world: World,
): Promise<SkipResult> {
  const line = checkReason(reason)
  const { folder, road } = readRoad(world)
  const open = findGates(name, road).filter((one) => !isDone(one))
  if (open.length === 0)
    throw new UsageError(`${escapeInvisible(name)} passes already`, 'There is nothing to skip')
  const settings = await updateSettings(folder.directory, (current) =>
    addWaivers(current, open, { reason: line, at: world.now() }),
  )
  return composeResult(open, line, { ...folder, settings }, world)
}

/** Counts skipped gates again. Throws a UsageError for an unknown name, or gates that are not skipped. */
export async function unskipGates(name: string, world: World): Promise<SkipResult> {
  const { folder, road } = readRoad(world)
  const found = findGates(name, road).filter((one) => findStatus(one) === 'waived')
  if (found.length === 0)
    throw new UsageError(
      `${escapeInvisible(name)} is not skipped`,
      'Run ai-eng-starter status to see what is skipped',
    )
  const settings = await updateSettings(folder.directory, (current) => ({
    ...current,
    waivers: dropWaivers(current, found),
  }))
  return composeResult(found, null, { ...folder, settings }, world)
}

/** Returns the settings with these gates skipped. */
export function addWaivers(
  settings: Settings,
  gates: readonly FoundGate[],
  { reason, at }: { reason: string; at: Date },
): Settings {
  const added = gates.map((one) => ({ gate: gateName(one), reason, at: at.toISOString() }))
  return { ...settings, waivers: [...dropWaivers(settings, gates), ...added] }
}

/** Matches the gates' earlier names too. */
function dropWaivers({ waivers }: Settings, gates: readonly FoundGate[]): Settings['waivers'] {
  const names = gates.flatMap(({ at, gate }) => listNamesEver(at.step, gate))
  return waivers.filter(({ gate }) => !names.includes(gate))
}

const LONGEST = 300

/** Normalises a reason to one line. Throws a UsageError when it is empty or too long. */
export function checkReason(reason: string | undefined): string {
  const line = reason?.replace(/\s+/g, ' ').trim() ?? ''
  const how = 'Give a reason in one line: --reason "did this at work last year"'
  if (line.length > LONGEST) throw new UsageError(`The reason is longer than ${LONGEST} characters`, how)
  if (!/\p{L}{2}/u.test(line)) throw new UsageError('A skip needs a reason', how)
  return line
}

export function gateName({ at, gate }: FoundGate): string {
  return `${at.step.id}/${gate.id}`
}

function findStatus({ at, gate }: FoundGate) {
  return at.gates.find((one) => one.gate.id === gate.id)?.status
}

function isDone(one: FoundGate): boolean {
  const status = findStatus(one)
  return status === 'passed' || status === 'attested'
}

function composeResult(
  gates: readonly FoundGate[],
  reason: string | null,
  folder: RoadmapFolder,
  world: World,
): SkipResult {
  const { road } = deriveStanding(folder, world)
  return {
    gates: gates.map(gateName),
    reason,
    file: SETTINGS_FILE,
    directory: folder.directory,
    next: chooseNextAction(road),
  }
}
