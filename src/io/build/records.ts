import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildRecord, parseBuildRecord } from '../../core/exercises/records.ts'
import { compare, toJson } from '../../core/package-json.ts'
import { readIfThere } from '../state/read-if-there.ts'

const BUILDS = '.ai-eng/builds'

/** Every record of an exercise in a project. Throws a StateError for one that cannot be read. */
export function readBuildRecords(directory: string): BuildRecord[] {
  const root = join(directory, BUILDS)
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort(compare)
    .map((path) => {
      const shown = `${BUILDS}/${path}`
      return parseBuildRecord(readIfThere(join(root, path), shown) ?? '', { path: shown })
    })
}

/** The file of a new record, by path relative to the project. */
export function planRecord(record: BuildRecord): Map<string, Buffer> {
  const time = record.at.replace(/[-:]|\.\d+/g, '')
  const path = `${BUILDS}/${record.exercise}/${time}-${record.commit.slice(0, 7)}.json`
  return new Map([[path, Buffer.from(toJson(record))]])
}
