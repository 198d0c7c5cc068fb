import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hashJson } from '../../../templates/_shared/console/files/kit/console/hash-json.ts'
import { type EvalCase, stringsAt } from '../../core/gates/cases.ts'
import type { GateOf } from '../../core/roadmap/schema.ts'

/** Whether a case, with the files that it names, still has the hash that the evals layer gave it. */
export function hasHash({ value }: EvalCase, hash: string, { files }: GateOf<'eval'>, directory: string) {
  const line = hashJson(value)
  if (line === hash) return true
  return files.some((templates) => {
    const paths = namedBy(value, templates)
    if (!paths.every((path) => existsSync(join(directory, path)))) return false
    const contents = paths.map((path) => [
      path,
      readFileSync(join(directory, path), 'utf8').replaceAll('\r\n', '\n'),
    ])
    return hashJson([line, hashJson(contents)]) === hash
  })
}

/** When the newest of the file of cases and the files that these cases name was written, in ms. */
export function changedAt(cases: readonly EvalCase[], gate: GateOf<'eval'>, directory: string): number {
  const named = cases.flatMap(({ value }) => gate.files.flatMap((templates) => namedBy(value, templates)))
  const paths = [gate.cases, ...named].map((path) => join(directory, path)).filter((path) => existsSync(path))
  return Math.max(...paths.map((path) => statSync(path).mtimeMs))
}

/** `evals/documents/{document}` for every document that the case names. Each once, sorted. */
function namedBy(value: unknown, templates: readonly string[]): string[] {
  const paths = templates.flatMap((template) => {
    const [before = '', field, after = ''] = template.split(/[{}]/)
    return field === undefined ? [before] : stringsAt(value, field).map((name) => `${before}${name}${after}`)
  })
  return [...new Set(paths)].sort()
}
