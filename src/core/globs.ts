/**
 * Turns a glob into a regular expression over paths with forward slashes: `**` matches any folders, `*` and
 * `?` match within a name, `{a,b}` either.
 */
function compileGlob(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\]/g, (piece) => {
    if (piece === '**/') return '(?:.*/)?'
    if (piece === '**') return '.*'
    if (piece === '*') return '[^/]*'
    if (piece === '?') return '[^/]'
    if (piece.startsWith('{')) return `(?:${piece.slice(1, -1).split(',').map(escapeLiteral).join('|')})`
    return `\\${piece}`
  })
  return new RegExp(`^${source}$`)
}

function escapeLiteral(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')
}

export function matchGlobs(paths: readonly string[], globs: readonly string[]): string[] {
  const patterns = globs.map(compileGlob)
  return paths.filter((path) => patterns.some((pattern) => pattern.test(path)))
}

/** A path that would match if case were ignored: it works on a laptop and fails where CI runs. */
export function findOtherCase(paths: readonly string[], globs: readonly string[]): string | undefined {
  const patterns = globs.map((glob) => new RegExp(compileGlob(glob).source, 'i'))
  return paths.find((path) => patterns.some((pattern) => pattern.test(path)))
}
