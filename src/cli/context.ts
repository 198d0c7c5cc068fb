import { join } from 'node:path'
import type { Event } from '../commands/events.ts'
import type { World } from '../commands/world.ts'
import type { Catalogue } from '../core/catalogue.ts'
import { makeOnce } from '../core/once.ts'
import { print } from '../io/print.ts'
import { openProgressLine, type ProgressLine } from '../io/progress-line.ts'
import type { DeclaredVerb } from './declared.ts'
import type { Look } from './text/gates.ts'
import { makePainter, measureWidth } from './text/lines.ts'

/** What the CLI passes to every verb. */
export interface Context {
  catalogue: Catalogue
  verbs: readonly DeclaredVerb[]
  json: boolean
  signal: AbortSignal
  /** Progress lines on stderr. */
  progress: ProgressLine
  /** Prints a result for people; with `--json`, nothing: the JSON document is the only output. */
  show(write: (look: Look) => string | Promise<string>): Promise<void>
  /** Gives commands the machine and the package. `yes`: never ask, even on a terminal. */
  makeWorld(options?: { yes?: boolean | undefined }): Promise<World>
}

interface CliRun {
  catalogue: Catalogue
  verbs: readonly DeclaredVerb[]
  packageRoot: string
  json: boolean
  signal: AbortSignal
}

export function makeContext({ catalogue, verbs, packageRoot, json, signal }: CliRun): Context {
  const progress = openProgressLine(process.stderr)
  const dist = join(packageRoot, 'dist')
  return {
    catalogue,
    verbs,
    json,
    signal,
    progress,
    async show(write) {
      progress.end()
      const look = {
        width: measureWidth(process.stdout),
        directory: process.cwd(),
        paint: makePainter(process.stdout, process.env),
      }
      if (!json) await print(process.stdout, await write(look))
    },
    async makeWorld({ yes = false } = {}) {
      const mayAsk = !json && !yes && Boolean(process.stdin.isTTY && process.stderr.isTTY)
      const [{ loadRoadmap }, { loadAllPacks, loadPack }] = await Promise.all([
        import('../io/baked.ts'),
        import('../io/packs.ts'),
      ])
      const { showEvent } = await import('./text/events.ts')
      const roadmap = makeOnce(() => loadRoadmap(dist))
      const isLive = Boolean(process.stderr.isTTY)
      return {
        catalogue,
        get roadmap() {
          return roadmap()
        },
        packOf: (owner) => loadPack(dist, owner),
        allPacks: () => loadAllPacks(dist),
        directory: process.cwd(),
        env: process.env,
        signal,
        ask: mayAsk ? (await import('../io/terminal-ask.ts')).makeTerminalAsk(signal) : undefined,
        now: () => new Date(),
        fetch,
        tell: (event: Event) => (json ? undefined : showEvent(event, { progress, isLive })),
      }
    },
  }
}
