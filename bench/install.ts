import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Packs the package of a checkout and installs the tarball below `home`, as a user would get it. Returns the path of its bin. */
export function packAndInstall(home: string, checkout = process.cwd()): string {
  const packed = join(home, 'packed')
  const installed = join(home, 'installed')
  mkdirSync(packed)
  mkdirSync(installed)
  run('npm', ['pack', '--silent', '--pack-destination', packed], checkout)
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack made no tarball')
  run('npm', ['install', '--prefix', installed, '--no-audit', '--no-fund', join(packed, tarball)], home)
  return join(installed, 'node_modules/ai-eng-starter/bin/ai-eng-starter.js')
}

/** Runs a program that has to succeed; returns what it printed on stdout. */
export function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${status}\n${stderr}`)
  return stdout
}
