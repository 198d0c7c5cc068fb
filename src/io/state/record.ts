import { UserError } from '../../core/errors.ts'
import type { Finding } from '../../core/gates/finding.ts'
import { type Gate, isScored } from '../../core/gates/kinds.ts'
import type { Evidence, LastChecks } from '../../core/state/files.ts'
import type { Home } from './folder.ts'
import { writeEvidence, writeLastChecks } from './write.ts'

export interface FoundOut {
  gate: Gate
  /** Null for a blocked gate. */
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
  /** Records that were written, with `path` relative to the home's folder. */
  written: { path: string; record: Evidence }[]
  /** Why a record could not be written; null when all were. */
  lost: UserError | null
  /** The home's last checks, these included. */
  checks: LastChecks
  /** Why `checks` could not be stored for the next command; null when they were. */
  unsaved: UserError | null
}

/**
 * Stores the findings of a check, and writes a record for each gate that passed in a way that no record shows
 * yet. Refusals of the disk are returned; rejects only for bugs.
 */
export async function recordFindings(
  home: Home,
  found: readonly FoundOut[],
  circumstances: Circumstances,
): Promise<Recorded> {
  const records = found.flatMap((one) => toRecord(one, circumstances) ?? [])
  const written: Recorded['written'] = []
  const lost = await catchRefusal(async () => {
    for (const record of records) written.push(await writeEvidence(home.directory, record))
  })
  const checks = addChecks(home.last, found, circumstances)
  // This is only a cache: if it cannot be written, the check still counts but is forgotten.
  const unsaved = await catchRefusal(() => writeLastChecks(home.directory, checks))
  return { written, lost, checks, unsaved }
}

/** Why the disk refused to write; null when it did not. */
async function catchRefusal(write: () => Promise<void>): Promise<UserError | null> {
  try {
    await write()
    return null
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

function addChecks(last: LastChecks, found: readonly FoundOut[], { at }: Circumstances): LastChecks {
  const checks: LastChecks = { ...last }
  for (const { gate, finding } of found) {
    const { result, code, found: seen, wanted } = finding ?? WAITS
    checks[gate.id] = { gateHash: gate.hash, at, result, code, found: seen, wanted }
  }
  return checks
}

const WAITS = { result: 'blocked', code: null, found: 'blocked by another gate', wanted: '' } as const

function toRecord(
  { gate, finding, earlier, inputs }: FoundOut,
  circumstances: Circumstances,
): Evidence | null {
  if (!finding || (finding.result !== 'passed' && finding.result !== 'attested')) return null
  const { result, found } = finding
  const data = finding.data as Evidence['data']
  const isTold =
    earlier?.result === result &&
    earlier.gateHash === gate.hash &&
    earlier.inputs === inputs &&
    earlier.data['repository'] === data['repository']
  if (isTold && (!isScored(gate.kind) || earlier.found === found)) return null
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

/**
 * Revokes earlier passes: drops the last checks of these gates, and writes a record next to the earlier ones
 * that says so.
 */
export async function forgetGates(
  home: Home,
  gates: readonly Gate[],
  circumstances: Circumstances,
): Promise<Pick<Recorded, 'written' | 'checks'>> {
  const ids = gates.flatMap(({ id, aliases }) => [id, ...aliases])
  const checks = Object.fromEntries(Object.entries(home.last).filter(([id]) => !ids.includes(id)))
  await writeLastChecks(home.directory, checks)
  const recorded = gates.filter(({ id, aliases }) =>
    home.evidence.some(({ gate }) => gate === id || aliases.includes(gate)),
  )
  const written: Recorded['written'] = []
  for (const { id, hash } of recorded) {
    const forgotten = { schemaVersion: 1, gate: id, gateHash: hash, result: 'reset', inputs: '' } as const
    const record = { ...forgotten, found: 'reset', data: {}, ...circumstances } as const
    written.push(await writeEvidence(home.directory, record))
  }
  return { written, checks }
}
