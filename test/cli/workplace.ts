import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { temporaryDirectory } from '../temporary.ts'
import { snapshot } from '../tree.ts'
import { cli } from './run.ts'

/** Only the tree. */
export const QUICK = ['--yes', '--no-install', '--no-git']

/** A directory with a neighbour that nobody may touch. */
export function workplace(): string {
  const cwd = join(temporaryDirectory(), 'work')
  mkdirSync(cwd)
  writeFileSync(join(dirname(cwd), 'sentinel'), 'precious')
  return cwd
}

/** Runs `new` where it must refuse: the exit code, two lines on stderr, and not a byte changed anywhere around. */
export async function refused(cwd: string, args: string[], code: number): Promise<string> {
  const before = snapshot(dirname(cwd))
  const result = await cli(['new', 'summariser', ...args, ...QUICK], { cwd })
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' })
  expect(
    result.stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('Summariser "')),
  ).toHaveLength(2)
  expect(snapshot(dirname(cwd))).toEqual(before)
  return result.stderr
}
