import { createProject } from '../../commands/new/new.ts'
import type { NewResult } from '../../commands/new/result.ts'
import { type Catalogue, listOptionIds } from '../../core/catalogue.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Context } from '../context.ts'

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
  pm?: string
  [option: string]: string | boolean | undefined
}

export async function run(given: NewGiven, context: Context): Promise<Outcome<NewResult>> {
  const { progress, json, signal, catalogue } = context
  signal.addEventListener('abort', () => json || progress.finish('Stopping …'))
  const world = await context.makeWorld({ yes: given.options.yes })
  const outcome = await createProject(toRequest(given, catalogue), world)
  if (outcome.problem) return outcome
  const { result } = outcome
  await context.show(() =>
    result.dryRun ? listFiles(result) : describeNext(result, world.ask !== undefined),
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

function describeNext(result: NewResult, asked: boolean): string {
  const repeat = asked ? `\nThe same without questions:\n  ai-eng-starter ${result.repeat}\n` : ''
  return `\nReady. Next:\n${result.next.map((command) => `  ${command}`).join('\n')}\n${repeat}`
}
