import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { matchGlobs } from '../core/globs.ts'

/**
 * The root of the workspace that a directory belongs to: the nearest folder above with a package.json whose
 * `workspaces`, or a pnpm-workspace.yaml, takes it in. Undefined when there is none, or it cannot be read.
 */
export function findWorkspace(directory: string): string | undefined {
  for (let root = dirname(directory); ; root = dirname(root)) {
    const inside = relative(root, directory).split(sep).join('/')
    if (existsSync(join(root, 'pnpm-workspace.yaml'))) return root
    if (matchGlobs([inside], readGlobs(join(root, 'package.json'))).length > 0) return root
    if (dirname(root) === root) return undefined
  }
}

function readGlobs(manifest: string): string[] {
  try {
    const { workspaces } = JSON.parse(readFileSync(manifest, 'utf8')) as { workspaces?: unknown }
    const globs = Array.isArray(workspaces)
      ? workspaces
      : (workspaces as { packages?: unknown } | null)?.packages
    const texts = Array.isArray(globs) ? globs.filter((glob) => typeof glob === 'string') : []
    return texts.map((glob) => glob.replace(/^(!?)(?:\.\/)?(.*?)\/?$/, '$1$2'))
  } catch {
    return [] // no package.json, or one that no manager can read either
  }
}
