import { join } from 'node:path'
import { type NewEvent, type NewResult, newProject } from '../commands/new.ts'
import type { Catalogue, Choices } from '../core/catalogue.ts'
import { loadPack } from '../io/packs.ts'
import { print } from '../io/print.ts'
import { progressLine } from '../io/progress-line.ts'
import { showNewEvent } from './new-events.ts'
import type { NewFlags } from './program.ts'

interface NewArguments {
  template: string | undefined
  directory: string | undefined
  flags: NewFlags
  choices: Choices
}

interface NewContext {
  catalogue: Catalogue
  packageRoot: string
  signal: AbortSignal
  json: boolean
}

/** Runs `new` with the terminal as its world. */
export async function runNew(
  { template, directory, flags, choices }: NewArguments,
  context: NewContext,
): Promise<NewResult> {
  const { json, signal, catalogue, packageRoot } = context
  const { install, git, yes, dryRun, force, verify, name, description } = flags
  const given = { ...(template !== undefined && { template }), ...(directory !== undefined && { directory }) }
  const named = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) }
  const request = { ...given, ...named, choices, install, git, yes, dryRun, force, verify }
  const mayAsk = !json && !yes && Boolean(process.stdin.isTTY && process.stderr.isTTY)
  const ask = mayAsk ? (await import('../io/ask.ts')).terminalAsk : undefined
  const progress = progressLine(process.stderr)
  signal.addEventListener('abort', () => json || progress.finish('Stopping …'))
  const tell = json ? () => undefined : (event: NewEvent) => showNewEvent(event, progress)
  const dist = join(packageRoot, 'dist')
  const world = {
    catalogue,
    packOf: (owner: string) => loadPack(dist, owner),
    ask,
    signal,
    env: process.env,
    now: () => new Date(),
    tell,
  }
  try {
    const result = await newProject(request, world)
    if (!json) await print(process.stdout, dryRun ? listing(result) : closing(result, ask !== undefined))
    return result
  } finally {
    progress.end()
  }
}

function listing({ files }: NewResult): string {
  const width = Math.max(...files.map(({ path }) => path.length))
  const lines = files.map(
    ({ path, size, from }) => `${path.padEnd(width)}  ${String(size).padStart(7)}  ${from.join(' + ')}`,
  )
  const total = files.reduce((sum, { size }) => sum + size, 0)
  return `${lines.join('\n')}\n${files.length} files, ${total} bytes; nothing was written\n`
}

function closing(result: NewResult, asked: boolean): string {
  const repeat = asked ? `\nThe same without questions:\n  ai-eng-starter ${result.repeat}\n` : ''
  return `\nReady. Next:\n${result.next.map((command) => `  ${command}`).join('\n')}\n${repeat}`
}
