import { escapeControls } from '../../core/text.ts'

const LONGEST = 80

/** The line width of a stream: a terminal's width, at most 80; elsewhere 80. */
export function measureWidth({ columns = LONGEST }: { columns?: number }): number {
  return Math.min(LONGEST, Math.max(24, columns))
}

/** A column narrower than this is hard to read. */
const NARROW = 16

/**
 * Wraps a text at spaces. The first line starts with `first`; the others are indented by its width, or, where
 * that would leave too narrow a column, by two spaces more than `first` itself is indented. A word longer
 * than the line stays whole, so that it can be copied.
 */
export function wrapHanging(first: string, text: string, width: number): string {
  const indent = width - first.length < NARROW ? first.search(/\S|$/) + 2 : first.length
  const lines = ['']
  for (const word of escapeControls(text).split(' ')) {
    const line = lines.at(-1) ?? ''
    const before = lines.length === 1 ? first.length : indent
    const isFull = line !== '' && before + line.length + 1 + word.length > width
    if (isFull) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.map((line, index) => `${index === 0 ? first : ' '.repeat(indent)}${line}`).join('\n')
}

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold'
export type Paint = (colour: Colour, text: string) => string

const CODES: Record<Colour, [on: number, off: number]> = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
}

/** Colours text on a terminal that supports it (https://no-color.org); elsewhere returns it unchanged. */
export function makePainter({ isTTY }: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const isPlain = !isTTY || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb'
  return (colour, text) => {
    const [on, off] = CODES[colour]
    return isPlain ? text : `\u001b[${on}m${text}\u001b[${off}m`
  }
}
