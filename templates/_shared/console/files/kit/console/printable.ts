type State = 'text' | 'escape' | 'sequence' | 'string' | 'string-escape'

/**
 * Streams a model's text without terminal control sequences: colours, cursor moves, links (OSC 8), clipboard
 * writes (OSC 52), carriage returns that overwrite a line, and characters that reverse the text direction.
 * Keeps its state between deltas, because a sequence may be split anywhere.
 * Use it for pipes and files too, because their text is later read on a terminal.
 */
export async function* streamPrintable(deltas: AsyncIterable<string>): AsyncGenerator<string> {
  const filter = new ControlFilter()
  for await (const delta of deltas) {
    const text = filter.push(delta)
    if (text !== '') yield text
  }
}

/** Removes the same sequences from a complete text, such as a file name in a message. */
export function toPrintable(text: string): string {
  return new ControlFilter().push(text)
}

class ControlFilter {
  private state: State = 'text'

  push(delta: string): string {
    let text = ''
    for (const character of delta) if (this.accepts(character)) text += character
    return text
  }

  private accepts(character: string): boolean {
    const { state } = this
    this.state = advanceState(state, character)
    if (this.state !== 'text') return false
    if (state === 'text' || character === '\n') return isPrintable(character)
    return !isSequenceEnd(state, character) && isPrintable(character)
  }
}

// Names and ranges follow ECMA-48: ESC starts a sequence, CSI takes parameters, and OSC, DCS, APC,
// PM and SOS take a string.
const ESCAPE = '\u001b'
const CSI = '\u009b'
const STRING_STARTS = '\u0090\u0098\u009d\u009e\u009f'
const STRING_ENDS = '\u0007\u009c'

function advanceState(state: State, character: string): State {
  switch (state) {
    case 'text':
      return enterState(character)
    case 'escape':
      if (character === '[') return 'sequence'
      if (']PX^_'.includes(character)) return 'string'
      return character >= ' ' && character <= '/' ? 'escape' : enterState(character)
    case 'sequence':
      return character >= ' ' && character <= '?' ? 'sequence' : enterState(character)
    case 'string':
      // A line break ends the string too: an unclosed string must not swallow the summary.
      if (STRING_ENDS.includes(character) || character === '\n') return 'text'
      return character === ESCAPE ? 'string-escape' : 'string'
    case 'string-escape':
      return character === '\\' ? 'text' : advanceState('escape', character)
    default:
      return state satisfies never
  }
}

function enterState(character: string): State {
  if (character === ESCAPE) return 'escape'
  if (character === CSI) return 'sequence'
  return STRING_STARTS.includes(character) ? 'string' : 'text'
}

/** Returns whether the character was the last of its sequence, rather than the first after a broken one. */
function isSequenceEnd(state: State, character: string): boolean {
  if (state === 'string') return STRING_ENDS.includes(character)
  return character >= '0' && character <= '~'
}

function isPrintable(character: string): boolean {
  return character === '\n' || character === '\t' || !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(character)
}
