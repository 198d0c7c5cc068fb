const BLANK = /\{([a-z][a-z ]*)\}/g
const VALUE = /^([a-z][a-z ]{0,30}): (\S.*)$/gm

/** The names of the blanks in a line, such as `top error` of `{top error}`. */
export function listBlanks(line: string): string[] {
  return [...line.matchAll(BLANK)].map(([, name = '']) => name)
}

/** Fills blanks with values. A value lands between the line's own quotes, and must not end them. */
export function fillBlanks(line: string, values: ReadonlyMap<string, string>): string {
  return line.replaceAll(BLANK, (blank, name: string) => values.get(name)?.replaceAll('"', "'") ?? blank)
}

/** The `name: value` lines of a result. */
export function readValues(output: string): Map<string, string> {
  return new Map([...output.matchAll(VALUE)].map(([, name = '', value = '']) => [name, value]))
}
