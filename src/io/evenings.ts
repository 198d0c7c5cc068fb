import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { eveningOf } from '../core/state/pace.ts'
import type { RoadmapFolder } from './state/folder.ts'

const TIMEOUT_MS = 2000

/** Evenings with a commit of any project, or a record of evidence. */
export async function eveningsOf({ projects, portfolio }: RoadmapFolder): Promise<string[]> {
  const homes = [...projects, portfolio]
  const committed = await Promise.all(homes.map(({ directory }) => commitEvenings(directory)))
  const recorded = homes.flatMap(({ evidence }) => evidence.map(({ at }) => localEvening(new Date(at))))
  return [...committed.flat(), ...recorded]
}

function localEvening(at: Date): string {
  return eveningOf(at.getTime(), -at.getTimezoneOffset())
}

/** Of a repository's own commits, without execa, whose loading takes longer than git does; none where there is no git, or it takes too long: this is for a line of status. */
function commitEvenings(directory: string): Promise<string[]> {
  if (!existsSync(join(directory, '.git'))) return Promise.resolve([])
  const args = ['log', '--format=%ad', '--date=raw']
  return new Promise((resolve) => {
    execFile('git', args, { cwd: directory, timeout: TIMEOUT_MS, maxBuffer: 8_000_000 }, (error, stdout) =>
      resolve(error ? [] : stdout.split('\n').flatMap(eveningOfRaw)),
    )
  })
}

/** `1764360000 +0100`, as git's raw dates are. */
function eveningOfRaw(line: string): string[] {
  const [, seconds, sign, hours, minutes] = /^(\d+) ([+-])(\d\d)(\d\d)$/.exec(line) ?? []
  if (seconds === undefined) return []
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return [eveningOf(Number(seconds) * 1000, offset)]
}
