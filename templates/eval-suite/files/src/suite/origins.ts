import { basename, join } from 'node:path'
import { asking, replaying } from '../running/answering.ts'
import { type Answers, type KeptAnswer, openAnswers } from '../running/answers.ts'
import { journalIn } from '../running/journal.ts'
import { readRecording, verdictsPath, writeRecording } from '../running/recording.ts'
import { lazily, openTarget, timed, withKnownIdentity, withRate, withRetries } from '../targets/open.ts'
import { settingsOf } from '../targets/settings.ts'
import type { RunSettings } from './settings.ts'
import { type SuiteSettings, suiteOf } from './suite.ts'
import { gradingTools } from './tools.ts'
import type { NamedTarget, OpenSuite, SuiteWorld } from './world.ts'

const CACHE = '.cache/answers.jsonl'
const UNFINISHED = '.cache/unfinished'
const CASES = 'evals/cases.jsonl'
const HELD_OUT = 'evals/held-out.jsonl'

/** The target itself is asked; nothing is opened before the first question. */
export async function liveSuite(
  target: NamedTarget,
  settings: RunSettings,
  world: SuiteWorld,
): Promise<OpenSuite> {
  const { root } = world
  const { repeats, rate } = settings
  const described = describe(target, settings)
  const opened = lazily(async () => {
    const bare = withRetries(timed(await openTarget(target.spec, world)), target.spec.retries)
    const known = withKnownIdentity(bare, target.spec)
    return rate === null ? known : withRate(known, rate)
  })
  const journal = settings.isWhole ? journalIn(join(root, UNFINISHED), described.name, settings) : null
  const recorded = new Map<string, KeptAnswer>()
  const kept = {
    cache: await openCache(root, settings),
    journal,
    onAnswer: (answer: KeptAnswer) => recorded.set(answer.key, answer),
  }
  const source = { get: opened.get, settings: await settingsOf(target.spec, root) }
  const answering = asking(source, kept, root)
  const tools = gradingTools(world)
  const onFinished = async ({ errors }: { errors: number }) => {
    if (errors > 0) return
    await journal?.remove()
    if (!settings.record) return
    const provider = await answering.identity(world.signal)
    const about = { target: target.name, provider, recordedAt: new Date().toISOString(), repeats }
    const path = await writeRecording(root, about, [...recorded.values()])
    await tools.saveVerdicts(verdictsPath(path))
    world.note(`recorded: ${path}; look at its diff, then commit it`)
  }
  const suite = suiteOf(described, { root, answering, tools, onFinished })
  return { suite, close: opened.close }
}

/** Answers of a recording; its target is neither started nor asked. */
export async function recordedSuite(
  path: string,
  target: NamedTarget,
  world: SuiteWorld,
): Promise<OpenSuite> {
  const { root } = world
  const recording = await readRecording(root, path)
  const answering = replaying(recording, await settingsOf(target.spec, root), root)
  const plain = { heldOut: false, cases: null, repeats: recording.repeats }
  const described = describe(target, plain)
  const name = `${target.name}-${recording.provider.name.replaceAll(/[^\w-]/g, '-')}-recorded`
  const onFinished = async () => {}
  const tools = gradingTools(world, { verdicts: verdictsPath(path) })
  const suite = suiteOf(
    { ...described, name, blessArgs: ['--replay', '--target', target.name] },
    { root, answering, tools, onFinished },
  )
  return { suite, close: async () => {} }
}

function describe(
  { name, spec, given, isDefault }: NamedTarget,
  { heldOut, cases, repeats }: Pick<RunSettings, 'heldOut' | 'cases' | 'repeats'>,
): SuiteSettings {
  const own = isDefault ? 'evals/baseline' : `evals/${name}.baseline`
  return {
    name: heldOut ? `${name}-held-out` : cases === null ? name : `${name}-of-${stemOf(cases)}`,
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

/** Of a path, what can stand in the name of a report. */
function stemOf(path: string): string {
  return basename(path, '.jsonl').replaceAll(/[^\w-]+/g, '-')
}

/** `--fresh` asks again and keeps the new answers. A recording is of what is said now. */
async function openCache(root: string, { fresh, record }: RunSettings): Promise<Answers> {
  const cache = await openAnswers(join(root, CACHE))
  return fresh || record ? { ...cache, get: () => undefined } : cache
}
