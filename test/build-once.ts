import { execFileSync } from 'node:child_process'

/** Tests that spawn the CLI spawn what users get: the built one. The npm scripts have built it already and say so. */
export function setup(): void {
  if (process.env['BUILT'] === '1') return
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: ['ignore', 'inherit', 'inherit'] })
}
