import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { listRecordings, toRecordingPath } from '#kit/answers/recording'
import { loadEnv } from '#kit/console/env'
import { UsageError } from '#kit/console/errors'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import { type Choice, type ChoiceWorld, type Chosen, type Mode, sealSuite } from '#kit/evals/suite'
import { toUnknownTargetError } from '#kit/targets/open'
import { readProject } from '#kit/targets/project'
import { type TargetSpec, type TargetsFile, targetSpec, targetsFile } from '#kit/targets/spec'
import { compareTargets } from './compare.ts'
import { openLiveSuite, openRecordedSuite } from './origins.ts'
import { OPTIONS, parseRunSettings, type RunSettings, USAGE } from './settings.ts'
import type { Lesson, NamedTarget, OpenSuite, SuiteWorld } from './world.ts'

const TARGETS = 'evals/targets.json'

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
  const named = await Promise.all(names.map((name) => findTarget(name, file, world.root)))
  const targets = named.map((target, index) => ({ ...target, given: settings.targets[index] ?? null }))
  const unnamed = names.find((name) => file.targets[name] === undefined)
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
        ? await findTarget(name, file, world.root)
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

async function readTargets(root: string): Promise<TargetsFile> {
  try {
    return targetsFile.parse(JSON.parse(await readFile(join(root, TARGETS), 'utf8')))
  } catch (error) {
    throw new CannotRunError(
      `${TARGETS}: ${toErrorMessage(error)}`,
      'Correct it; the README lists what a target can be',
    )
  }
}

/** Finds a target by its name in the file, or by the path of a repo whose project file says how to ask it. */
async function findTarget(name: string, file: TargetsFile, root: string): Promise<NamedTarget> {
  const spec = file.targets[name]
  if (spec !== undefined) return { name, spec, given: name, isDefault: name === file.default }
  if (!/[./\\]/.test(name)) throw toUnknownTargetError(name, Object.keys(file.targets))
  const { template } = await readProject(root, name)
  const own = `evals/${template}.jsonl`
  const cases = existsSync(join(root, own)) ? { cases: own } : {}
  return {
    name: basename(join(root, name))
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-'),
    given: name,
    spec: targetSpec.parse({ type: 'project', directory: name, ...cases }),
    isDefault: false,
  }
}
