import { basename, join } from 'node:path'
import { askTarget, replayRecording } from '#kit/answers/answering'
import { type Answers, type KeptAnswer, openAnswers } from '#kit/answers/answers'
import { openJournal } from '#kit/answers/journal'
import { readRecording, toVerdictsPath, writeRecording } from '#kit/answers/recording'
import {
  addRetries,
  limitTargetRate,
  measureLatency,
  openLazily,
  openTarget,
  requireIdentity,
} from '#kit/targets/open'
import { describeTarget } from '#kit/targets/settings'
import type { RunSettings } from './settings.ts'
import { openGradingTools } from './tools.ts'
import type { NamedTarget, OpenSuite, SuiteSettings, SuiteWorld } from './world.ts'

const CACHE = '.cache/answers.jsonl'
const UNFINISHED = '.cache/unfinished'
const CASES = 'evals/cases.jsonl'
const HELD_OUT = 'evals/held-out.jsonl'

/** Opens a suite that asks the target; nothing starts before the first question. */
export async function openLiveSuite(
  target: NamedTarget,
  settings: RunSettings,
  world: SuiteWorld,
): Promise<OpenSuite> {
  const { root } = world
  const { repeats, rate } = settings
  const described = describeSuite(target, settings)
  const opened = openLazily(async () => {
    const bare = addRetries(measureLatency(await openTarget(target.spec, world)), target.spec.retries)
    const known = requireIdentity(bare, target.spec)
    return rate === null ? known : limitTargetRate(known, rate)
  })
  const journal = settings.isWhole ? openJournal(join(root, UNFINISHED), described.name, settings) : null
  const recorded = new Map<string, KeptAnswer>()
  const kept = {
    cache: await openCache(root, settings),
    journal,
    onAnswer: (answer: KeptAnswer) => recorded.set(answer.key, answer),
  }
  const source = { get: opened.get, settings: await describeTarget(target.spec, root) }
  const answering = askTarget(source, kept, root)
  const tools = openGradingTools(world)
  const onFinished = async ({ errors }: { errors: number }) => {
    if (errors > 0) return
    await journal?.remove()
    if (!settings.record) return
    const provider = await answering.identity(world.signal)
    const about = { target: target.name, provider, recordedAt: new Date().toISOString(), repeats }
    const path = await writeRecording(root, about, [...recorded.values()])
    await tools.saveVerdicts(toVerdictsPath(path))
    world.note(`recorded: ${path}; look at its diff, then commit it`)
  }
  const suite = world.lesson.buildSuite(described, { root, answering, tools, onFinished })
  return { suite, close: opened.close }
}

/** Opens a suite that replays a recording; its target is neither started nor asked. */
export async function openRecordedSuite(
  path: string,
  target: NamedTarget,
  world: SuiteWorld,
): Promise<OpenSuite> {
  const { root } = world
  const recording = await readRecording(root, path)
  const answering = replayRecording(recording, await describeTarget(target.spec, root), root)
  const plain = { heldOut: false, cases: null, repeats: recording.repeats }
  const described = describeSuite(target, plain)
  const name = `${target.name}-${recording.provider.name.replaceAll(/[^\w-]/g, '-')}-recorded`
  const onFinished = async () => {}
  const tools = openGradingTools(world, { verdicts: toVerdictsPath(path) })
  const suite = world.lesson.buildSuite(
    { ...described, name, blessArgs: ['--replay', '--target', target.name], isReplay: true },
    { root, answering, tools, onFinished },
  )
  return { suite, close: async () => {} }
}

function describeSuite(
  { name, spec, given, isDefault }: NamedTarget,
  { heldOut, cases, repeats }: Pick<RunSettings, 'heldOut' | 'cases' | 'repeats'>,
): SuiteSettings {
  const own = isDefault ? 'evals/baseline' : `evals/${name}.baseline`
  return {
    name: heldOut ? `${name}-held-out` : cases === null ? name : `${name}-of-${toReportName(cases)}`,
    cases: heldOut ? HELD_OUT : (cases ?? spec.cases ?? CASES),
    baseline: heldOut ? `evals/${name}.held-out.baseline` : own,
    prompts: ['evals/targets.json', ...(spec.type === 'prompt' ? [spec.prompt] : [])],
    timeoutSeconds: spec.timeoutSeconds,
    repeats,
    blessArgs: [...(given === null ? [] : ['--target', given]), ...(heldOut ? ['--held-out'] : [])],
    ...(cases !== null && {
      ungated: `the cases of ${cases} are to look at: what a target of evals/targets.json names as its own has a baseline`,
    }),
  }
}

/** Turns a path into a name for a report. */
function toReportName(path: string): string {
  return basename(path, '.jsonl').replaceAll(/[^\w-]+/g, '-')
}

/**
 * `--fresh` ignores cached answers and stores the new ones; so does `--record`, since a recording must be
 * current.
 */
async function openCache(root: string, { fresh, record }: RunSettings): Promise<Answers> {
  const cache = await openAnswers(join(root, CACHE))
  return fresh || record ? { ...cache, get: () => undefined } : cache
}
