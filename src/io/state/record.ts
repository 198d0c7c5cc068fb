import { UserError } from '../../core/errors.ts'
import type { Finding } from '../../core/gates/finding.ts'
import type { Gate } from '../../core/roadmap/schema.ts'
import type { Evidence, LastChecks } from '../../core/state/files.ts'
import type { Home } from './folder.ts'
import { writeEvidence, writeLastChecks } from './write.ts'

export interface FoundOut {
  gate: Gate
  /** Null for a gate that waits for others. */
  finding: Finding | null
  /** The record that counts for it so far. */
  earlier: Evidence | null
  /** Hash of the gate's inputs. */
  inputs: string
}

export interface Circumstances {
  at: string
  commit: string | null
  dirty: boolean | null
  env: Evidence['env']
}

export interface Recorded {
  /** Records that were written, as paths in the home's folder. */
  written: string[]
  /** Why a record could not be; null when all are there. */
  lost: UserError | null
  /** What was found, where it could not be remembered, and why not. */
  unsaved: { checks: LastChecks; why: string } | null
}

/** Remembers what a check found, and writes a record for each gate that passed in a way that no record tells yet. */
export async function recordFindings(
  home: Home,
  found: readonly FoundOut[],
  circumstances: Circumstances,
): Promise<Recorded> {
  const records = found.flatMap((one) => recordOf(one, circumstances) ?? [])
  const written: string[] = []
  const lost = await refusal(async () => {
    for (const record of records) written.push(await writeEvidence(home.directory, record))
  })
  const checks = checksOf(home, found, circumstances)
  // It is a cache: without it a check is as good, and forgotten.
  const why = await refusal(() => writeLastChecks(home.directory, checks))
  return { written, lost, unsaved: why && { checks, why: why.message } }
}

/** What the disk refused, if it did. */
async function refusal(write: () => Promise<void>): Promise<UserError | null> {
  try {
    await write()
    return null
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function checksOf(home: Home, found: readonly FoundOut[], circumstances: Circumstances): LastChecks {
  const { at } = circumstances
  const checks: LastChecks = { ...home.last }
  for (const { gate, finding } of found) {
    const { result, code, found: seen, wanted } = finding ?? WAITS
    checks[gate.id] = { gateHash: gate.hash, at, result, code, found: seen, wanted }
  }
  return checks
}

const WAITS = { result: 'blocked', code: null, found: 'waits for another gate', wanted: '' } as const

function recordOf(
  { gate, finding, earlier, inputs }: FoundOut,
  circumstances: Circumstances,
): Evidence | null {
  if (!finding || (finding.result !== 'passed' && finding.result !== 'attested')) return null
  const { result, found, data } = finding
  const isTold =
    earlier?.result === result &&
    earlier.gateHash === gate.hash &&
    earlier.inputs === inputs &&
    earlier.data['repository'] === data['repository']
  if (isTold && (!SCORED.includes(gate.kind) || earlier.found === found)) return null
  return {
    schemaVersion: 1,
    gate: gate.id,
    gateHash: gate.hash,
    result,
    inputs,
    found,
    data,
    ...circumstances,
  }
}

/** Of these every new figure is worth a record. What others find, such as the number of a CI run, changes without saying more. */
const SCORED: readonly Gate['kind'][] = ['eval', 'eval-delta', 'attest']

/** Takes back that gates were met: what was found is forgotten, and a record beside the earlier ones says so. Returns the paths of these. */
export async function forgetGates(
  home: Home,
  gates: readonly Gate[],
  circumstances: Circumstances,
): Promise<string[]> {
  const ids = gates.flatMap(({ id, aliases }) => [id, ...aliases])
  const checks = Object.entries(home.last).filter(([id]) => !ids.includes(id))
  await writeLastChecks(home.directory, Object.fromEntries(checks))
  const recorded = gates.filter(({ id, aliases }) =>
    home.evidence.some(({ gate }) => gate === id || aliases.includes(gate)),
  )
  const written: string[] = []
  for (const { id, hash } of recorded) {
    const forgotten = { schemaVersion: 1, gate: id, gateHash: hash, result: 'reset', inputs: '' } as const
    const record = { ...forgotten, found: 'reset', data: {}, ...circumstances } as const
    written.push(await writeEvidence(home.directory, record))
  }
  return written
}
