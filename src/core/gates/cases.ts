/** A case of an eval set, as far as gates read it. */
export interface EvalCase {
  id: string
  /**
   * The words that its author wrote, without id, tags, graders and settings, which are the same in many
   * cases.
   */
  text: string
  value: Record<string, unknown>
}

/** Parses JSON Lines. `problems` names each line that is not a case, with its number. */
export function parseCases(text: string): { cases: EvalCase[]; problems: string[] } {
  const cases: EvalCase[] = []
  const problems: string[] = []
  const seen = new Set<string>()
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue
    const value = tryParseObject(line)
    const id = value?.['id']
    if (value === undefined || typeof id !== 'string') problems.push(`line ${index + 1} is not a case`)
    else if (seen.has(id)) problems.push(`line ${index + 1} has the id of an earlier line, ${id}`)
    else {
      seen.add(id)
      const { id: _, tags: __, graders: ___, ...rest } = value
      const words = Object.values(rest).filter((one) => !isSetting(one))
      cases.push({ id, text: collectStrings(words).join(' '), value })
    }
  }
  return { cases, problems }
}

function tryParseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined // the caller reports the line
  }
}

/** `"length": "medium"` and `"minWords": 40` are the same in many cases by different authors. */
function isSetting(value: unknown): boolean {
  return typeof value !== 'object' && !/[\s.]/.test(String(value))
}

function collectStrings(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(collectStrings)
}

/** Makes a key that two cases about the same documents share when they differ only in numbers. */
export function makeRepeatKey({ text, value }: EvalCase, field: string | undefined): string {
  const about = field === undefined ? [] : findStrings(value, field)
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return [...about, ...words.filter((word) => !/\d/.test(word))].join(' ')
}

/** The strings at a path such as `evidence.document`: into objects by key, into lists by every item. */
export function findStrings(value: unknown, path: string): string[] {
  const [key = '', ...rest] = path.split('.')
  const items = Array.isArray(value) ? value : [value]
  return items.flatMap((item) => {
    if (path === '')
      return typeof item === 'string' ? [item] : Array.isArray(item) ? findStrings(item, '') : []
    if (typeof item !== 'object' || item === null) return []
    return findStrings((item as Record<string, unknown>)[key], rest.join('.'))
  })
}

interface Hashing {
  /** Hash of a file in the project; undefined when it does not exist. */
  readText: (path: string) => string | undefined
  /** Hash of canonical JSON, as the evals layer computes it. */
  hashJson: (value: unknown) => string
}

/**
 * Whether a case, with the files that it names, still has the hash that the evals layer gave it. `files`:
 * lists of path templates, one of which has to match.
 */
export function hasHash(
  { value }: EvalCase,
  hash: string,
  files: readonly (readonly string[])[],
  { readText, hashJson }: Hashing,
): boolean {
  const line = hashJson(value)
  if (line === hash) return true
  return files.some((templates) => {
    const contents = fillTemplates(value, templates).map((path) => [
      path,
      readText(path)?.replaceAll('\r\n', '\n'),
    ])
    const isWhole = contents.every(([, text]) => text !== undefined)
    return isWhole && hashJson([line, hashJson(contents)]) === hash
  })
}

/** Every file that a case names, by any of the lists of path templates. */
export function listNamedFiles({ value }: EvalCase, files: readonly (readonly string[])[]): string[] {
  return files.flatMap((templates) => fillTemplates(value, templates))
}

/** `evals/documents/{document}` for every document that the case names, each once, sorted. */
function fillTemplates(value: unknown, templates: readonly string[]): string[] {
  const paths = templates.flatMap((template) => {
    const [before = '', field, after = ''] = template.split(/[{}]/)
    return field === undefined
      ? [before]
      : findStrings(value, field).map((name) => `${before}${name}${after}`)
  })
  return [...new Set(paths)].sort()
}
