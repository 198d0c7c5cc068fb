import { Command, CommanderError, Option as CommanderOption, InvalidArgumentError } from 'commander'
import { type Catalogue, listOptionIds } from '../core/catalogue.ts'
import { UsageError } from '../core/errors.ts'
import { type Given, VERBS, type Verb } from './verbs.ts'

/** What commander parsed. */
export interface Invocation {
  verb: Verb | undefined
  given: Given
  /** The help or the version to print instead of running the verb; else empty. */
  help: string
}

const EXAMPLES = `
Examples:
  ai-eng-starter new                         asks for everything
  ai-eng-starter new summariser              asks for the rest
  ai-eng-starter new summariser notes --yes  asks for nothing
  ai-eng-starter new summariser --yes --dry-run
  ai-eng-starter build                       lists what to build yourself in this project
  ai-eng-starter list --json
  ai-eng-starter status                      shows where you are and what is next
  ai-eng-starter check                       checks the gates of your current step
  ai-eng-starter hint own-cases
  ai-eng-starter next                        creates the next project once all gates pass

Exit codes: 0 done, 1 failed, 2 usage error, 3 a required gate failed or could not
be checked, 4 state unreadable, 70 a bug in ai-eng-starter, 130 interrupted
`

/** Finds the verb of a command line. Throws a UsageError. */
export function parseCommandLine(argv: readonly string[], catalogue: Catalogue): Invocation {
  const invocation: Invocation = { verb: undefined, given: { arguments: [], options: {} }, help: '' }
  const program = new Command('ai-eng-starter')
    .description(
      'From backend engineer to applied AI engineer in 90 days: runnable starter repos with evals and CI.',
    )
    .version(catalogue.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', EXAMPLES)
    .exitOverride(throwUsageError)
    .configureOutput({
      writeOut: (text) => {
        invocation.help += text
      },
      writeErr: () => undefined,
    })
  for (const verb of VERBS) declare(program, verb, { catalogue, invocation })
  try {
    program.parse([...argv], { from: 'user' })
  } catch (error) {
    // commander reports help and version as errors too, once it has written them.
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error
  }
  return invocation
}

interface Declaring {
  catalogue: Catalogue
  invocation: Invocation
}

/** The action only records what to run, so that parsing has no side effects. */
function declare(program: Command, verb: Verb, { catalogue, invocation }: Declaring): void {
  const command = program.command(verb.name, { hidden: verb.isHidden ?? false }).description(verb.summary)
  for (const [syntax, description] of verb.arguments ?? []) command.argument(syntax, description)
  for (const { flags, description, isRequired, parse, initial } of verb.options ?? []) {
    const option = new CommanderOption(flags, description)
    if (isRequired) option.makeOptionMandatory()
    if (parse) option.argParser(parse)
    if (initial !== undefined) option.default(initial)
    command.addOption(option)
  }
  if (verb.takesTemplateOptions)
    for (const id of listOptionIds(catalogue))
      command.option(`--${id} <value>`, describeOption(catalogue, id), parseValue)
  command.option('--json', 'print one JSON document')
  command.action((...passed: unknown[]) => {
    // commander passes the arguments, the options and the command.
    invocation.verb = verb
    invocation.given = { arguments: passed.slice(0, -2), options: passed.at(-2) as object }
  })
}

function describeOption({ templates }: Catalogue, id: string): string {
  const described = templates.flatMap(({ manifest }) => {
    const option = manifest.options[id]
    if (!option) return []
    const values = Object.keys(option.values)
    const title = option.title.charAt(0).toLowerCase() + option.title.slice(1)
    return [`${title} (${manifest.id} only): ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`]
  })
  return described.join('; ')
}

function parseValue(value: string): string {
  if (value === '') throw new InvalidArgumentError('The value is empty.')
  return value
}

function throwUsageError(error: CommanderError): never {
  if (error.exitCode === 0) throw error
  // The value of an option that does not exist may be a secret, and this line may end in a CI log.
  const shown = error.message.replace(/^error: /, '').replace(/^(unknown option '[^'=]+)=.*'/s, "$1'")
  const [message = '', ...rest] = shown.split('\n')
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\(|\)$/g, '')
  throw new UsageError(capitalise(message), suggestion || 'Try: ai-eng-starter --help')
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
