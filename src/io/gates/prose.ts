import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import type { PostFile } from '../../core/gates/prose.ts'
import type { GateWorld } from './world.ts'

export function gatherProse({ variable }: GateOf<'prose'>, { folder }: GateWorld): FactsOf<'prose'> {
  const { directory, settings, projects } = folder
  const path = settings.vars[variable]
  return {
    path,
    file: path ? readPost(directory, path) : { kind: 'missing' },
    evidence: projects.flatMap(({ evidence }) => evidence.map(({ data }) => data)),
  }
}

/** What a path in the roadmap folder leads to. */
export function readPost(root: string, path: string): PostFile {
  const file = join(root, path)
  if (relative(root, file).startsWith('..')) return { kind: 'outside' }
  const wanted = basename(file)
  const names = existsSync(dirname(file)) ? readdirSync(dirname(file)) : []
  if (!names.includes(wanted)) {
    const name = names.find((one) => one.toLowerCase() === wanted.toLowerCase())
    return name === undefined ? { kind: 'missing' } : { kind: 'other-case', name, wanted }
  }
  const isInside = !relative(realpathSync(root), realpathSync(file)).startsWith('..')
  if (!isInside) return { kind: 'leads-out' }
  if (statSync(file).isDirectory()) return { kind: 'folder' }
  return { kind: 'text', text: readFileSync(file, 'utf8') }
}
