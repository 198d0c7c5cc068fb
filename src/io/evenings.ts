import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toEvening } from '../core/state/pace.ts'
import type { RoadmapFolder } from './state/folder.ts'

/**
 * Evenings with a commit made on this machine, or a record of evidence from any. Commits are read from git's own log of them, because starting git once for each project takes
 * longer than all the rest of status.
 */
export function listEvenings({ projects, portfolio }: RoadmapFolder): string[] {
  return [...projects, portfolio].flatMap(({ directory, evidence }) => [
    ...readReflog(directory).flatMap(parseReflogEvening),
    ...evidence.map(({ at }) => toLocalEvening(new Date(at))),
  ])
}

function toLocalEvening(at: Date): string {
  return toEvening(at.getTime(), -at.getTimezoneOffset())
}

/** None where there is no git, or the log is kept elsewhere, as in a linked work tree. */
function readReflog(directory: string): string[] {
  const path = join(directory, '.git/logs/HEAD')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
}

/** `<old> <new> Name <mail> 1764360000 +0100<tab>commit: message`. */
function parseReflogEvening(line: string): string[] {
  const [, seconds, sign, hours, minutes] = /> (\d+) ([+-])(\d\d)(\d\d)\tcommit\b/.exec(line) ?? []
  if (seconds === undefined) return []
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return [toEvening(Number(seconds) * 1000, offset)]
}
