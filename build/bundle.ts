import { type Plugin, rolldown } from 'rolldown'

/** Bundles the CLI with its dependencies, one chunk per command. Returns the paths of the bundled modules. */
export async function bundle({ entry, dist }: { entry: string; dist: string }): Promise<string[]> {
  const build = await rolldown({
    input: { main: entry },
    platform: 'node',
    external: /^node:/,
    plugins: [withoutSpawning],
  })
  const { output } = await build.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    minify: true,
    // Put code that several commands share in one file: every further file adds a look-up to each start.
    codeSplitting: {
      groups: [
        {
          name: 'common',
          test: /[/\\](src[/\\](core[/\\](errors|text|catalogue)|io[/\\](print|baked))|kit[/\\]console[/\\]shell)\.ts$/,
        },
      ],
    },
  })
  await build.close()
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []))
}

const SPAWN_IMPORT = "require('node:child_process')"

/**
 * commander loads node:child_process for subcommands that are separate programs; we have none, and loading it
 * takes a tenth of `--help`'s time.
 */
const withoutSpawning: Plugin = {
  name: 'without-spawning',
  transform(code, id) {
    if (!id.endsWith('/commander/lib/command.js')) return null
    if (!code.includes(SPAWN_IMPORT))
      throw new Error('commander no longer loads node:child_process here: drop this plugin')
    return code.replace(SPAWN_IMPORT, '{}')
  },
}
