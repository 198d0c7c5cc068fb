import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type Declaring, JSON_FLAG, roadWorld } from './road-commands.ts'

/** Declares the commands that move the learner along the road. */
export function addStepCommands(program: Command, declaring: Declaring): void {
  addNext(program, declaring)
  addSkip(program, declaring)
  addUnskip(program, declaring)
  addStart(program, declaring)
  addAdopt(program, declaring)
  addReset(program, declaring)
}

interface NextFlags {
  dryRun: boolean
  force: boolean
  reason?: string
  offline: boolean
  yes: boolean
  install: boolean
  git: boolean
}

function addNext(program: Command, declaring: Declaring): void {
  const { invocation, packageRoot } = declaring
  program
    .command('next')
    .description('do the next thing: look at what is not met, or start the project that comes next')
    .argument('[name]', "the new project's folder, beside the others")
    .option('--dry-run', 'say what would be done and write nothing', false)
    .option('--force', 'skip what is not met of this step; needs --reason', false)
    .option('--reason <text>', 'why, in a line; it is shown wherever the gates are')
    .option('--offline', 'ask nothing of the network', false)
    .option('-y, --yes', 'ask nothing, and also run what calls a model', false)
    .option('--no-install', 'do not install dependencies')
    .option('--no-git', 'do not make a git repository')
    .option(...JSON_FLAG)
    .action((name: string | undefined, { reason, ...flags }: NextFlags) => {
      invocation.command = 'next'
      invocation.run = async (signal) => {
        const { runNext } = await import('./run-next.ts')
        const terminal = { json: invocation.json, signal, dist: join(packageRoot, 'dist') }
        return runNext({ name, reason, ...flags }, await roadWorld(declaring), terminal)
      }
    })
}

function addSkip(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('skip')
    .description('leave a gate, a step or a milestone out of the count; it is shown as skipped')
    .argument('<name>', 'such as own-cases, extractor/own-cases, extractor, m1')
    .requiredOption('--reason <text>', 'why, in a line')
    .option(...JSON_FLAG)
    .action((name: string, { reason }: { reason: string }) => {
      invocation.command = 'skip'
      invocation.run = async () => {
        const { runSkip } = await import('./run-skip.ts')
        return runSkip({ name, reason }, await roadWorld(declaring), { json: invocation.json })
      }
    })
}

function addUnskip(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('unskip')
    .description('count again what was skipped')
    .argument('<name>', 'such as own-cases, extractor/own-cases, extractor, m1')
    .option(...JSON_FLAG)
    .action((name: string) => {
      invocation.command = 'unskip'
      invocation.run = async () => {
        const { runUnskip } = await import('./run-skip.ts')
        return runUnskip(name, await roadWorld(declaring), { json: invocation.json })
      }
    })
}

function addStart(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('start')
    .description('begin the road at a milestone; what is before it is not counted')
    .requiredOption('--at <milestone>', 'm1, m2 or m3')
    .option(...JSON_FLAG)
    .action(({ at }: { at: string }) => {
      invocation.command = 'start'
      invocation.run = async () => {
        const { runStart } = await import('./run-start.ts')
        return runStart(at, await roadWorld(declaring), { json: invocation.json })
      }
    })
}

function addAdopt(program: Command, declaring: Declaring): void {
  const { invocation, packageRoot } = declaring
  program
    .command('adopt')
    .description('let a repo that you have already count as a project, and accept what it meets')
    .argument('<template>', 'the one that it stands for, such as rag-bot')
    .argument('[directory]', 'the repo; the current directory when left out')
    .option('--offline', 'ask nothing of the network', false)
    .option(...JSON_FLAG)
    .action((template: string, directory: string | undefined, { offline }: { offline: boolean }) => {
      invocation.command = 'adopt'
      invocation.run = async (signal) => {
        const { runAdopt } = await import('./run-adopt.ts')
        const terminal = { json: invocation.json, signal, dist: join(packageRoot, 'dist') }
        const given = { template, directory: resolve(directory ?? '.'), offline }
        return runAdopt(given, await roadWorld(declaring), terminal)
      }
    })
}

interface ResetFlags {
  files: boolean
  yes: boolean
}

function addReset(program: Command, declaring: Declaring): void {
  const { invocation, packageRoot } = declaring
  program
    .command('reset')
    .description('forget that gates were met; with --files put generated files back, after a backup')
    .argument('[name]', 'a gate, a step or a milestone; the step that you are at when left out')
    .option('--files', 'files that came as they are, back to how they came', false)
    .option('-y, --yes', 'do not ask', false)
    .option(...JSON_FLAG)
    .action((name: string | undefined, { files, yes }: ResetFlags) => {
      invocation.command = 'reset'
      invocation.run = async (signal) => {
        const { runReset, runResetFiles } = await import('./run-reset.ts')
        const terminal = { json: invocation.json, signal, dist: join(packageRoot, 'dist') }
        const world = await roadWorld(declaring)
        return files ? runResetFiles({ name, yes }, world, terminal) : runReset(name, world, terminal)
      }
    })
}
