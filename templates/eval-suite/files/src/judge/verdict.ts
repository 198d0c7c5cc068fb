export interface Verdict<T> {
  choice: T
  /** The judge's text before the verdict. */
  because: string
}

/**
 * The judge's last verdict: the line that begins with this prompt's mark. A judge that quotes another
 * verdict, thinks aloud or corrects itself is read as it ended. Null for none, and for one that is not among
 * the choices: 10 of 5, 4.5, "NaN", "four".
 */
export function readVerdict<T extends string | number>(
  text: string,
  mark: string,
  choices: readonly T[],
): Verdict<T> | null {
  const lines = text.split('\n')
  const at = lines.findLastIndex((line) => line.includes(mark))
  const said =
    /^[\s*_`>#-]*:?\s*[*_`]*\s*(.*?)[\s*_`.]*$/.exec(lines[at]?.split(mark).at(-1) ?? '')?.[1] ?? ''
  const choice = choices.find((one) => String(one) === said.toLowerCase())
  if (choice === undefined) return null
  return { choice, because: lines.slice(0, at).join(' ').replaceAll(/\s+/g, ' ').trim() }
}
