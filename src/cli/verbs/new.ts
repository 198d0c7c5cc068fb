import type { NewResult } from '../../commands/new/result.ts'
import { type StartedResult, startProject } from '../../commands/new/start-project.ts'
import { type Catalogue, listOptionIds } from '../../core/catalogue.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { formatTodo, type Look } from '../text/gates.ts'

interface NewGiven {
  arguments: readonly [template: string | undefined, directory: string | undefined]
  options: NewOptions
}

/**
 * As commander passes them; `--no-install` arrives as `install: false`, template options as further strings.
 */
interface NewOptions {
  name?: string
  description?: string
  install: boolean
  git: boolean
  yes?: true
  dryRun?: true
  force?: true
  verify?: true
  build?: true
  pm?: string
  [option: string]: string | boolean | undefined
}

export async function run(given: NewGiven, context: Context): Promise<Outcome<StartedResult>> {
  const { progress, json, signal, catalogue } = context
  signal.addEventListener('abort', () => json || progress.finish('Stopping …'))
  const world = await context.makeWorld({ yes: given.options.yes })
  const outcome = await startProject(toRequest(given, catalogue), world)
  if (outcome.problem) return outcome
  const { result } = outcome
  await context.show((look) =>
    result.dryRun ? listFiles(result) : describeStarted(result, world.ask !== undefined, look),
  )
  return outcome
}

function toRequest({ arguments: [template, directory], options }: NewGiven, catalogue: Catalogue) {
  const { name, description, install, git, pm } = options
  const choices = listOptionIds(catalogue).flatMap((id) =>
    options[id] === undefined ? [] : [[id, String(options[id])] as const],
  )
  return {
    ...(template !== undefined && { template }),
    ...(directory !== undefined && { directory }),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(pm !== undefined && { pm }),
    choices: Object.fromEntries(choices),
    install,
    git,
    yes: options.yes === true,
    dryRun: options.dryRun === true,
    force: options.force === true,
    verify: options.verify === true,
    ...(options.build && { build: true }),
  }
}

function listFiles({ files }: NewResult): string {
  const width = Math.max(...files.map(({ path }) => path.length))
  const lines = files.map(
    ({ path, size, from }) => `${path.padEnd(width)}  ${String(size).padStart(7)}  ${from.join(' + ')}`,
  )
  const total = files.reduce((sum, { size }) => sum + size, 0)
  return `${lines.join('\n')}\n${files.length} files, ${total} bytes; nothing was written\n`
}

/** The last line is the one next command: most people read no further back. */
async function describeStarted(result: StartedResult, asked: boolean, look: Look): Promise<string> {
  const repeat = asked ? ['', 'The same without questions:', `  ai-eng-starter ${result.repeat}`] : []
  const commands = result.next.map((command) => `  ${command}`)
  const { begun } = result
  if (begun) {
    const { describeBuild } = await import('../text/build.ts')
    return `\n${['Ready.', ...commands.slice(0, 1), ...repeat, '', describeBuild(begun, look)].join('\n')}`
  }
  const road = result.onRoad ? ['', ...formatTodo(result.onRoad, look)] : []
  return `\n${['Ready. See it work:', ...commands, ...repeat, ...road].join('\n')}\n`
}
