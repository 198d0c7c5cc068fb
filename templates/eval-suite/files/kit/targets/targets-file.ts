import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { replaceFile } from '#kit/console/replace-file'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import { type TargetsFile, targetsFile } from './spec.ts'

export const TARGETS = 'evals/targets.json'

/** Throws `CannotRunError` for a file of targets that is missing or wrong. */
export async function readTargets(root: string): Promise<TargetsFile> {
  try {
    return targetsFile.parse(JSON.parse(await readFile(join(root, TARGETS), 'utf8')))
  } catch (error) {
    throw new CannotRunError(
      `${TARGETS}: ${toErrorMessage(error)}`,
      'Correct it; the README lists what a target can be',
    )
  }
}

/** The name of the target that is a repo in a directory; undefined without an entry for it. */
export function findProjectTarget(
  { targets }: TargetsFile,
  directory: string,
  root: string,
): string | undefined {
  const entry = Object.entries(targets).find(
    ([, spec]) => spec.type === 'project' && resolve(root, spec.directory) === resolve(root, directory),
  )
  return entry?.[0]
}

/** `rag-bot` for `../rag-bot`. */
export function toTargetName(directory: string, root: string): string {
  return basename(join(root, directory))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
}

/** Adds a target, one line as the others. */
export async function addTarget(root: string, name: string, spec: Record<string, string>): Promise<void> {
  const path = join(root, TARGETS)
  const { default: first, targets } = JSON.parse(await readFile(path, 'utf8'))
  const lines = Object.entries({ ...targets, [name]: spec }).map(
    ([key, value]) =>
      `    ${JSON.stringify(key)}: ${JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ')}`,
  )
  const text = `{\n  "default": ${JSON.stringify(first)},\n  "targets": {\n${lines.join(',\n')}\n  }\n}\n`
  await replaceFile(path, text)
}
