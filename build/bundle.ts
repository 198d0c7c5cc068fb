import { type Plugin, rolldown } from 'rolldown'

/** Bundles the CLI, dependencies included, one chunk per command. Returns the paths of the modules that went in. */
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
    // What several commands share is read as one file: each further file costs a look-up at every start.
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

/** commander loads node:child_process for subcommands that are programs of their own; we have none, and it costs a tenth of `--help`. */
const withoutSpawning: Plugin = {
  name: 'without-spawning',
  transform(code, id) {
    if (!id.endsWith('/commander/lib/command.js')) return null
    if (!code.includes(SPAWN_IMPORT))
      throw new Error('commander no longer loads node:child_process here: drop this plugin')
    return code.replace(SPAWN_IMPORT, '{}')
  },
}
