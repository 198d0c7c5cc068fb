import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { type Catalogue, optionIds } from '../core/catalogue.ts'
import { UsageError } from '../core/errors.ts'
import { print } from '../io/print.ts'
import { addRoadCommands } from './road-commands.ts'
import { addStepCommands } from './step-commands.ts'

/** What commander found on the command line: a command to run, or text that was already printed. */
export interface Invocation {
  command: string
  json: boolean
  run: ((signal: AbortSignal) => Promise<unknown>) | undefined
}

const EXAMPLES = `
Examples:
  ai-eng-starter new                         ask for everything
  ai-eng-starter new summariser              ask for the rest
  ai-eng-starter new summariser notes --yes  ask for nothing
  ai-eng-starter new summariser --yes --dry-run
  ai-eng-starter list --json
  ai-eng-starter status                      where you are, what comes next
  ai-eng-starter check                       prove it, gate by gate
  ai-eng-starter hint own-cases
  ai-eng-starter next                        the project that comes next

Exit codes: 0 done, 1 failed, 2 usage, 3 a required gate is not met or could not
be checked, 4 state unreadable, 70 our bug, 130 cancelled
`

/** Declares every command. An action only notes what to run, so that parsing has no effect on anything. */
export function buildProgram(catalogue: Catalogue, invocation: Invocation, packageRoot: string): Command {
  const program = new Command('ai-eng-starter')
    .description(
      'From backend engineer to applied AI engineer in 90 days: runnable starter repos with evals and CI.',
    )
    .version(catalogue.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', EXAMPLES)
    .exitOverride(asUsageError)
    .configureOutput({ writeOut: (text) => void print(process.stdout, text), writeErr: () => undefined })
  addNew(program, catalogue, invocation, packageRoot)
  addList(program, catalogue, invocation)
  addRoadCommands(program, { catalogue, invocation, packageRoot })
  addStepCommands(program, { catalogue, invocation, packageRoot })
  return program
}

function addNew(program: Command, catalogue: Catalogue, invocation: Invocation, packageRoot: string): void {
  const command = program
    .command('new')
    .description('generate a runnable repo; asks for what is not given')
    .argument('[template]', `one of: ${catalogue.templates.map(({ manifest }) => manifest.id).join(', ')}`)
    .argument('[directory]', 'where to create it; its last part is the name')
    .option('--name <name>', 'name in package.json, such as notes or @me/notes')
    .option('--description <text>', 'one line for package.json and the README')
    .option('--no-install', 'do not install dependencies')
    .option('--no-git', 'do not make a git repository')
    .option('-y, --yes', 'take the default for what is not given', false)
    .option('--dry-run', 'list the files and write nothing', false)
    .option(
      '--force',
      'write into a directory that is not empty; only files of the project are replaced, with a backup',
      false,
    )
    .option('--verify', "run the new repo's own checks before saying ready", false)
    .option('--json', 'print one JSON document', false)
  for (const id of optionIds(catalogue))
    command.option(`--${id} <value>`, describeOption(catalogue, id), notEmpty)
  command.action((template: string | undefined, directory: string | undefined, flags: NewFlags) => {
    invocation.command = 'new'
    invocation.run = async (signal) => {
      const { runNew } = await import('./run-new.ts')
      const choices = Object.fromEntries(
        optionIds(catalogue).flatMap((id) => (flags[id] === undefined ? [] : [[id, String(flags[id])]])),
      )
      return runNew(
        { template, directory, flags, choices },
        { catalogue, packageRoot, signal, json: invocation.json },
      )
    }
  })
}

/** As commander hands them over; `--no-install` is `install: false`. */
export interface NewFlags {
  name?: string
  description?: string
  install: boolean
  git: boolean
  yes: boolean
  dryRun: boolean
  force: boolean
  verify: boolean
  json: boolean
  [option: string]: string | boolean | undefined
}

function addList(program: Command, catalogue: Catalogue, invocation: Invocation): void {
  program
    .command('list')
    .description('milestones, templates and their options')
    .option('--json', 'print one JSON document', false)
    .action(() => {
      invocation.command = 'list'
      invocation.run = async () => {
        const { runList } = await import('./run-list.ts')
        return runList(catalogue, { json: invocation.json })
      }
    })
}

function describeOption({ templates }: Catalogue, id: string): string {
  const described = templates.flatMap(({ manifest }) => {
    const option = manifest.options[id]
    return option ? [`${manifest.id}: ${Object.keys(option.values).join('|')}`] : []
  })
  return described.join('; ')
}

function notEmpty(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.')
  return value
}

/** commander reports help and version as errors too; those two are done. */
function asUsageError(error: CommanderError): never {
  if (error.exitCode === 0) throw error
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\(|\)$/g, '')
  throw new UsageError(capitalised(message), suggestion || 'Try: ai-eng-starter --help')
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function isHelpOrVersion(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0
}
