import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Type-checks every composed template in place, with the settings that its users get. */
for (const name of readdirSync('.composed')) {
  execFileSync(
    'npx',
    ['tsc', '-p', join('.composed', name, 'tsconfig.layers.json'), '--noEmit', '--preserveSymlinks'],
    {
      stdio: 'inherit',
    },
  )
}
