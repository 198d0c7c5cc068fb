import { LlmError } from '../llm/errors.ts'

interface Marks {
  open: string
  close: string
}

/** How models that think write it into their text, when the server does not take it out. */
const MARKS: readonly Marks[] = [
  ...['think', 'thinking', 'thought', 'thoughts', 'reasoning', 'seed:think'].map((tag) => ({
    ...{ open: `<${tag}>`, close: `</${tag}>` },
  })),
  { open: 'Thinking...\n', close: '...done thinking.' }, // ollama run
  { open: '[THINK]', close: '[/THINK]' }, // Magistral
  { open: '◁think▷', close: '◁/think▷' }, // Kimi
  { open: '<|begin_of_thought|>', close: '<|end_of_thought|>' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' }, // Cohere
  { open: '<|channel|>analysis<|message|>', close: '<|end|>' }, // gpt-oss
  { open: '<|channel|>commentary<|message|>', close: '<|end|>' },
  { open: '<|start|>assistant<|channel|>analysis<|message|>', close: '<|end|>' },
  { open: '<|channel>thought', close: '<channel|>' }, // Gemma
]
/** What stands around the answer after its thoughts. */
const WRAPS = [
  ...[
    '<|start|>assistant<|channel|>final<|message|>',
    '<|channel|>final<|message|>',
    '<|return|>',
    '<|end|>',
  ],
  ...['<|START_RESPONSE|>', '<|END_RESPONSE|>', '<|begin_of_solution|>', '<|end_of_solution|>'],
]
const OPENERS = [...MARKS.map(({ open }) => open), ...WRAPS]
/** Some servers put the opening mark into the prompt, so that an answer begins in the middle of a thought. */
const ORPHAN =
  /<\/(?:seed:)?(?:think(?:ing)?|thoughts?|reasoning)>|\[\/THINK\]|◁\/think▷|<\|end_of_thought\|>/i
/** Models that are known to begin in the middle of a thought: their text waits for the closing mark. */
const THINKERS = /\br1\b|qwq|think|reason|magistral|nemotron|exaone-?deep|minimax-?m|glm-?(?:4\.[5-9]|5|z1)/i

/** Whether this model may begin in the middle of a thought. */
export function isThinker(modelId: string): boolean {
  return THINKERS.test(modelId)
}

export interface ThoughtPiece {
  kind: 'text' | 'thought'
  text: string
}

/** Separates thoughts from text that arrives in pieces. Text waits only while it could be the start of a mark. */
export class ThoughtReader {
  #state: 'start' | 'thought' | 'answer' = 'start'
  #pending = ''
  #close = ''
  #separated = false
  readonly #waits: boolean

  /** `waits`: a closing mark may come without an opening one, so all text waits for it. */
  constructor(waits: boolean) {
    this.#waits = waits
  }

  /** Throws an LlmError when text that was passed on turns out to be a thought. */
  push(text: string): ThoughtPiece[] {
    this.#pending += text
    const pieces: ThoughtPiece[] = []
    for (let piece = this.#take(false); piece !== undefined; piece = this.#take(false)) pieces.push(piece)
    return pieces.filter((piece) => piece.text !== '')
  }

  end(): ThoughtPiece[] {
    const pieces: ThoughtPiece[] = []
    for (let piece = this.#take(true); piece !== undefined; piece = this.#take(true)) pieces.push(piece)
    return pieces.filter((piece) => piece.text !== '')
  }

  /** The next piece, which may be empty; undefined: nothing more is certain. */
  #take(ended: boolean): ThoughtPiece | undefined {
    if (this.#pending === '') return undefined
    if (this.#state === 'start') return this.#takeStart(ended)
    if (this.#state === 'thought') return this.#takeThought(ended)
    return this.#takeAnswer(ended)
  }

  #takeStart(ended: boolean): ThoughtPiece | undefined {
    const text = this.#pending.trimStart()
    const opener = OPENERS.find((open) => startsAlike(text, open))
    if (opener !== undefined) {
      this.#close = MARKS.find(({ open }) => open === opener)?.close ?? ''
      this.#state = this.#close === '' ? 'start' : 'thought'
      this.#separated = true
      return this.#cut('text', '', text.slice(opener.length))
    }
    if (!ended && (text === '' || OPENERS.some((open) => startsAlike(open, text)))) return undefined
    const orphan = this.#separated ? null : findOrphan(text)
    if (orphan) {
      this.#separated = true
      return this.#cut('thought', orphan.before, orphan.after)
    }
    if (this.#waits && !this.#separated && !ended) return undefined
    this.#state = 'answer'
    return this.#cut('text', '', this.#separated ? text : this.#pending)
  }

  #takeThought(ended: boolean): ThoughtPiece | undefined {
    const at = this.#pending.indexOf(this.#close)
    if (at >= 0) {
      this.#state = 'start'
      return this.#cut('thought', this.#pending.slice(0, at), this.#pending.slice(at + this.#close.length))
    }
    const kept = ended ? 0 : countShared(this.#pending, [this.#close])
    return this.#cutKeeping('thought', kept)
  }

  #takeAnswer(ended: boolean): ThoughtPiece | undefined {
    if (!this.#separated && !this.#waits && findOrphan(this.#pending)) throw createOrphanError()
    if (this.#separated) for (const wrap of WRAPS) this.#pending = this.#pending.replaceAll(wrap, '')
    const marks = this.#separated ? WRAPS : MARKS.map(({ close }) => close)
    return this.#cutKeeping('text', ended ? 0 : countShared(this.#pending, marks))
  }

  #cut(kind: ThoughtPiece['kind'], text: string, rest: string): ThoughtPiece {
    this.#pending = rest
    return { kind, text }
  }

  #cutKeeping(kind: ThoughtPiece['kind'], kept: number): ThoughtPiece | undefined {
    const text = this.#pending.slice(0, this.#pending.length - kept)
    return text === '' ? undefined : this.#cut(kind, text, this.#pending.slice(text.length))
  }
}

function startsAlike(text: string, start: string): boolean {
  return text.slice(0, start.length).toLowerCase() === start.toLowerCase()
}

/** How many characters at the end of `text` could begin one of the marks. */
function countShared(text: string, marks: readonly string[]): number {
  const longest = Math.max(...marks.map(({ length }) => length)) - 1
  for (let length = Math.min(longest, text.length); length > 0; length--)
    if (marks.some((mark) => mark.startsWith(text.slice(-length)))) return length
  return 0
}

/** A closing mark that ends a thought: not one in code, in quotes or between words, which only names it. */
function findOrphan(text: string): { before: string; after: string } | undefined {
  const found = ORPHAN.exec(text)
  if (!found) return undefined
  const before = text.slice(0, found.index)
  const after = text.slice(found.index + found[0].length)
  const isNamed = /[`'"“‘(]$|\S[^\S\n]+$/.test(before) && /^[`'"”’).,;:?]|^[^\S\n]+\S/.test(after)
  const isCode = (before.match(/^\s*(?:```|~~~)/gm)?.length ?? 0) % 2 === 1
  return isNamed || isCode ? undefined : { before, after }
}

function createOrphanError(): LlmError {
  const hint =
    'Try again: from now on the text waits for the mark. Or let the server take thoughts out of the text.'
  return new LlmError('invalid-response', "the model's thoughts arrived as if they were its answer", { hint })
}
