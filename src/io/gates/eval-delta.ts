import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FactsOf, GateOf } from '../../core/gates/kinds.ts'
import { compare } from '../../core/package-json.ts'
import type { GateWorld } from './world.ts'

export function gatherEvalDelta(gate: GateOf<'eval-delta'>, { directory }: GateWorld): FactsOf<'eval-delta'> {
  const folder = join(directory, gate.folder)
  const files = existsSync(folder) ? readdirSync(folder).sort(compare) : []
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const experiments = files
    .filter((file) => file.endsWith('.before.json'))
    .map((file) => file.slice(0, -'.before.json'.length))
    .filter((name) => files.includes(`${name}.after.json`))
    .map((name) => ({
      name,
      before: read(`${name}.before.json`),
      after: read(`${name}.after.json`),
      note: files.includes(`${name}.md`) ? read(`${name}.md`) : undefined,
    }))
  return { experiments }
}
