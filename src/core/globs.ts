/**
 * Turns a glob into a regular expression over paths with forward slashes: `**` matches any folders, `*` and
 * `?` match within a name, `{a,b}` either.
 */
function compileGlob(glob: string, flags: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\]/g, (piece) => {
    if (piece === '**/') return '(?:.*/)?'
    if (piece === '**') return '.*'
    if (piece === '*') return '[^/]*'
    if (piece === '?') return '[^/]'
    if (piece.startsWith('{')) return `(?:${piece.slice(1, -1).split(',').map(escapeLiteral).join('|')})`
    return `\\${piece}`
  })
  return new RegExp(`^${source}$`, flags)
}

function escapeLiteral(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')
}

/** The paths that match a glob, and none of those that start with `!`. */
export function matchGlobs(paths: readonly string[], globs: readonly string[]): string[] {
  return paths.filter(makeMatcher(globs))
}

function makeMatcher(globs: readonly string[], flags = ''): (path: string) => boolean {
  const isUnwanted = (glob: string) => glob.startsWith('!')
  const wanted = globs.filter((glob) => !isUnwanted(glob)).map((glob) => compileGlob(glob, flags))
  const unwanted = globs.filter(isUnwanted).map((glob) => compileGlob(glob.slice(1), flags))
  const isIn = (patterns: readonly RegExp[], path: string) => patterns.some((pattern) => pattern.test(path))
  return (path) => isIn(wanted, path) && !isIn(unwanted, path)
}

/** A path that would match if case were ignored: it works on a laptop and fails where CI runs. */
export function findOtherCase(paths: readonly string[], globs: readonly string[]): string | undefined {
  return paths.find(makeMatcher(globs, 'i'))
}
