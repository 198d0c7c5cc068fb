const BLANK = /\{([a-z][a-z ]*)\}/g
const VALUE = /^([a-z][a-z ]{0,30}): (\S.*)$/gm

/** The names of the blanks in a line, such as `top error` of `{top error}`. */
export function blanksIn(line: string): string[] {
  return [...line.matchAll(BLANK)].map(([, name = '']) => name)
}

/** A value goes into quotes that are there already, and must not end them. */
export function fillBlanks(line: string, values: ReadonlyMap<string, string>): string {
  return line.replaceAll(BLANK, (blank, name: string) => values.get(name)?.replaceAll('"', "'") ?? blank)
}

/** What a result says as `name: value`, one to a line. */
export function valuesIn(output: string): Map<string, string> {
  return new Map([...output.matchAll(VALUE)].map(([, name = '', value = '']) => [name, value]))
}
