import { findTemplate } from '../core/catalogue.ts'
import { UsageError, type UserError } from '../core/errors.ts'
import { chooseNextAction, type NextAction } from '../core/state/road.ts'
import { adoptDirectory } from '../io/state/adopt.ts'
import { checkStep } from './check/check-step.ts'
import { deriveStanding, readRoad } from './road.ts'
import { type ShownStep, showStep } from './status.ts'
import type { World } from './world.ts'

export interface AdoptRequest {
  /** The template whose project the repo replaces. */
  template: string
  /** Absolute. */
  directory: string
  offline: boolean
}

export interface AdoptResult {
  directory: string
  template: string
  /** False when the directory was already a project of this template. */
  adopted: boolean
  /** With the gates that already pass. */
  step: ShownStep
  evidence: string[]
  next: NextAction
}

/**
 * Registers an existing repo as a project of the roadmap and records the gates that it passes. Writes only
 * `.ai-eng/`. Throws a UsageError for a template that no step has, or a directory that is not a repo or is
 * already another project; a StateError for unreadable state.
 */
export async function adoptProject(
  { template, directory, offline }: AdoptRequest,
  world: World,
): Promise<AdoptResult> {
  findTemplate(world.catalogue, template)
  if (!world.roadmap.steps.some((step) => step.template === template)) throw refuseOffRoad(template)
  const adopted = await adoptDirectory(directory, { template, version: world.catalogue.version })
  const within = { catalogue: world.catalogue, roadmap: world.roadmap, directory }
  const { folder, road } = readRoad(within)
  const at = road.steps.find(({ step }) => step.template === template)
  if (!at) throw refuseOffRoad(template)
  const limits = { offline, yes: false, answer: undefined, record: true }
  const gates = at.step.gates.filter(({ kind }) => kind !== 'attest')
  const { evidence, folder: now } = await checkStep(at, gates, { folder, limits, world })
  const after = deriveStanding(now, within).road
  const state = after.steps.find(({ step }) => step.id === at.step.id) ?? at
  return {
    directory,
    template,
    adopted,
    step: showStep(state, world.roadmap),
    evidence,
    next: chooseNextAction({ ...after, current: state }),
  }
}

function refuseOffRoad(template: string): UserError {
  return new UsageError(
    `No step of the roadmap uses ${template}`,
    'Run ai-eng-starter status to see the roadmap',
  )
}
