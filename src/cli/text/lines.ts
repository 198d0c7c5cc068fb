import { escapeControls } from '../../core/text.ts'

const LONGEST = 80

/** How wide a line may be on this stream: a terminal's width, at most 80; 80 elsewhere. */
export function measureWidth({ columns = LONGEST }: { columns?: number }): number {
  return Math.min(LONGEST, Math.max(24, columns))
}

/** Too little room to read in. */
const NARROW = 16

/**
 * Breaks a text at spaces so that lines with `first` or its width in spaces before them fit; with two spaces more than `first` starts with, where that would leave a narrow
 * column. A word that is longer stays whole, so that it can be copied.
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

/** Colours on a terminal that wants them (https://no-color.org); elsewhere the text as it is. */
export function makePainter({ isTTY }: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const isPlain = !isTTY || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb'
  return (colour, text) => {
    const [on, off] = CODES[colour]
    return isPlain ? text : `\u001b[${on}m${text}\u001b[${off}m`
  }
}
