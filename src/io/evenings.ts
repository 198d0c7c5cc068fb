import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toEvening } from '../core/state/pace.ts'
import type { RoadmapFolder } from './state/folder.ts'

/**
 * Evenings with a commit made on this machine, or a record of evidence from any machine. Commits come from
 * git's reflog, because starting git once per project takes longer than the rest of `status`.
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

/** Empty without git, or when the log is elsewhere, as in a linked work tree. */
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
