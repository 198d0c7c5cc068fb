import { basename, join } from 'node:path'
import { listRecordings, toRecordingPath } from '#kit/answers/recording'
import { loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { CannotRunError } from '#kit/evals/errors'
import { type Choice, type ChoiceWorld, type Chosen, type Mode, sealSuite } from '#kit/evals/suite'
import { findBotCases } from '#kit/targets/bot-cases'
import { toUnknownTargetError } from '#kit/targets/open'
import { readProject } from '#kit/targets/project'
import { type TargetSpec, type TargetsFile, targetSpec } from '#kit/targets/spec'
import { findProjectTarget, readTargets, TARGETS, toTargetName } from '#kit/targets/targets-file'
import { compareTargets } from './compare.ts'
import { openLiveSuite, openRecordedSuite } from './origins.ts'
import { OPTIONS, parseRunSettings, type RunSettings, USAGE } from './settings.ts'
import type { Lesson, NamedTarget, OpenSuite, SuiteWorld } from './world.ts'

/** What `npm run eval` runs: a suite for each target, or one that compares several. */
export function chooseSuites(lesson: Lesson): Choice {
  return {
    options: OPTIONS,
    usage: USAGE,
    wantsReason: true,
    choose: (given, mode, world) =>
      openChosen(parseRunSettings(given, mode), mode, toSuiteWorld(world, lesson)),
  }
}

async function openChosen(settings: RunSettings, mode: Mode, world: SuiteWorld): Promise<Chosen> {
  const suites = await openSuites(settings, mode, world)
  return {
    suites: suites.map(({ suite }) => sealSuite(suite)),
    close: async () => {
      for (const { close } of suites) await close()
    },
  }
}

function toSuiteWorld({ root, env, signal, stderr }: ChoiceWorld, lesson: Lesson): SuiteWorld {
  const note = (line: string) => stderr.write(`${line}\n`)
  const built = join(import.meta.dirname, '../..')
  return { root, env: loadEnv(root, env), signal, note, built, openPrompt: lesson.openPrompt, lesson }
}

async function openSuites(settings: RunSettings, mode: Mode, world: SuiteWorld): Promise<OpenSuite[]> {
  const file = await readTargets(world.root)
  const names = settings.targets.length > 0 ? settings.targets : [file.default]
  const isOpen = settings.cases === null && !settings.heldOut
  // A comparison asks every target the cases of the first.
  const find = (name: string, index: number) =>
    findTarget(name, { file, needsCases: isOpen && (mode !== 'compare' || index === 0) }, world.root)
  const named = await Promise.all(names.map(find))
  const targets = named.map((target, index) => ({ ...target, given: settings.targets[index] ?? null }))
  const unnamed = settings.targets.find(
    (_given, index) => file.targets[named[index]?.name ?? ''] === undefined,
  )
  if (settings.record && unnamed !== undefined)
    throw new UsageError(
      `a recording is found by the name of its target: give ${unnamed} an entry in ${TARGETS}`,
    )
  if (mode === 'compare') return [await compareTargets(targets, settings, world)]
  const recordings = await selectRecordings(targets, file, settings, mode, world)
  if (settings.replay && recordings.length === 0)
    throw new CannotRunError('no recording to replay', 'Record one: npm run eval -- --record')
  const live = settings.replay
    ? []
    : await Promise.all(targets.map((target) => openLiveSuite(target, settings, world)))
  return [...live, ...recordings]
}

/**
 * Selects recordings. With `--replay`: those of the targets. In a plain `npm run eval`: all committed ones,
 * so that recorded answers of a real model are held to their baseline in every pull request, without a key.
 */
async function selectRecordings(
  targets: readonly NamedTarget[],
  file: TargetsFile,
  settings: RunSettings,
  mode: Mode,
  world: SuiteWorld,
): Promise<OpenSuite[]> {
  const isPlain =
    mode === 'gate' &&
    settings.targets.length === 0 &&
    !settings.heldOut &&
    settings.cases === null &&
    !settings.record
  if (!settings.replay && !isPlain) return []
  const paths = await listRecordings(world.root)
  assertThere(
    paths,
    settings.targets.length === 0
      ? Object.entries(file.targets)
      : targets.map(({ name, spec }) => [name, spec]),
  )
  const suites: OpenSuite[] = []
  for (const path of paths) {
    const name = basename(path).split('.')[0] ?? ''
    const wanted =
      settings.targets.length === 0
        ? await findTarget(name, { file, needsCases: false }, world.root)
        : targets.find((one) => one.name === name)
    if (wanted) suites.push(await openRecordedSuite(path, wanted, world))
  }
  return suites
}

/**
 * Throws `CannotRunError` when a recording that a target names is missing: its gate would silently disappear.
 */
function assertThere(paths: readonly string[], targets: readonly (readonly [string, TargetSpec])[]): void {
  const wanted = targets.flatMap(([name, spec]) =>
    spec.recordings.map((provider) => toRecordingPath(name, { name: provider })),
  )
  const missing = wanted.filter((path) => !paths.includes(path))
  if (missing.length === 0) return
  const hint = 'Restore it from git, record it again, or take it out of "recordings" in evals/targets.json'
  throw new CannotRunError(`${missing.join(', ')} is missing`, hint)
}

interface Looking {
  file: TargetsFile
  /** False where the cases are given otherwise. */
  needsCases: boolean
}

/** Finds a target by its name in the file, or by the path of a repo whose project file says how to ask it. */
async function findTarget(given: string, { file, needsCases }: Looking, root: string): Promise<NamedTarget> {
  const known = file.targets[given] === undefined ? findProjectTarget(file, given, root) : given
  const spec = file.targets[known ?? '']
  if (known !== undefined && spec !== undefined)
    return { name: known, spec, given, isDefault: known === file.default }
  if (!/[./\\]/.test(given)) throw toUnknownTargetError(given, Object.keys(file.targets))
  const { template } = await readProject(root, given)
  const name = toTargetName(given, root)
  const cases = needsCases ? await findBotCases(root, { directory: given, template, name }) : undefined
  const found = { type: 'project', directory: given, ...(cases !== undefined && { cases }) }
  return { name, given, spec: targetSpec.parse(found), isDefault: false }
}
