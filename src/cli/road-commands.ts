import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { Catalogue } from '../core/catalogue.ts'
import type { Invocation } from './program.ts'

export interface Declaring {
  catalogue: Catalogue
  invocation: Invocation
  packageRoot: string
}

export const JSON_FLAG = ['--json', 'print one JSON document', false] as const

/** Declares the commands about the road. What they need is loaded when one of them runs. */
export function addRoadCommands(program: Command, declaring: Declaring): void {
  addStatus(program, declaring)
  addCheck(program, declaring)
  addHint(program, declaring)
  addSet(program, declaring)
}

export async function roadWorld({ catalogue, packageRoot }: Declaring) {
  const { loadRoadmap } = await import('../io/baked.ts')
  return { catalogue, roadmap: loadRoadmap(join(packageRoot, 'dist')), directory: process.cwd() }
}

function addStatus(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('status')
    .description('where you are and what comes next; also without a command, inside a project')
    .option(...JSON_FLAG)
    .action(() => {
      invocation.command = 'status'
      invocation.run = async () => {
        const { runStatus } = await import('./run-status.ts')
        return runStatus(await roadWorld(declaring), { json: invocation.json })
      }
    })
}

interface CheckFlags {
  all: boolean
  offline: boolean
  yes: boolean
  answer?: string
  changed: boolean
  ci: boolean
  watch: boolean
}

function addCheck(program: Command, declaring: Declaring): void {
  const { invocation, packageRoot } = declaring
  program
    .command('check')
    .description('look at the gates of the step that you are at, or at those named')
    .argument('[gate...]', 'such as own-cases, or extractor/own-cases')
    .option('--all', 'those of every step that is begun', false)
    .option('--changed', 'only what is not met, or has changed since it was', false)
    .option('--watch', 'again whenever a file changes; asks nothing of the network', false)
    .option('--ci', 'write no evidence; annotations and a job summary on GitHub', false)
    .option('--offline', 'ask nothing of the network', false)
    .option('-y, --yes', 'also run what calls a model, which may cost money', false)
    .option('--answer <text>', 'your own words, for a gate that asks')
    .option(...JSON_FLAG)
    .action((gates: string[], { watch, ci, answer, ...flags }: CheckFlags) => {
      invocation.command = 'check'
      invocation.run = async (signal) => {
        const terminal = { json: invocation.json, signal, dist: join(packageRoot, 'dist') }
        const request = { gates, ...flags, answer, record: !ci }
        const run = watch
          ? (await import('./run-watch.ts')).watchGates
          : (await import('./run-check.ts')).runCheck
        return run(request, await roadWorld(declaring), terminal)
      }
    })
}

function addHint(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('hint')
    .description('help with a gate: what the last check found, and a nudge')
    .argument('[gate]', 'the first that is not met, when left out')
    .option('--level <number>', 'from a nudge (1) to a worked example (4)', level, 1)
    .option(...JSON_FLAG)
    .action((gate: string | undefined, flags: { level: number }) => {
      invocation.command = 'hint'
      invocation.run = async () => {
        const { runHint } = await import('./run-hint.ts')
        const options = { json: invocation.json }
        return runHint({ gate, level: flags.level }, await roadWorld(declaring), options)
      }
    })
}

function addSet(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('set')
    .description('keep an address or a path that gates need, in ai-eng.json of the roadmap folder')
    .argument('<key>', 'such as deployUrl, postPath, ossPr')
    .argument('<value>')
    .option(...JSON_FLAG)
    .action((key: string, value: string) => {
      invocation.command = 'set'
      invocation.run = async () => {
        const { runSet } = await import('./run-set.ts')
        return runSet({ key, value }, await roadWorld(declaring), { json: invocation.json })
      }
    })
}

function level(text: string): number {
  if (/^[1-9]$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a number from 1 on.')
}
