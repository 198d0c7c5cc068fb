import type {
  LanguageModelV3Content,
  LanguageModelV3Middleware,
  LanguageModelV3StreamPart,
} from '@ai-sdk/provider'
import { isThinker, type ThoughtPiece, ThoughtReader } from '../servers/thought-reader.ts'

/** Marks thoughts that came in the text: a template takes them out of earlier answers, so they are not sent back. */
export const FROM_TEXT = { thoughts: { fromText: true } } as const

/**
 * Makes reasoning of what a model thinks inside its text, for every provider: it is then not shown, graded
 * or parsed as the answer.
 */
export function separateThoughts(modelId: string): LanguageModelV3Middleware {
  let waits = isThinker(modelId)
  return {
    specificationVersion: 'v3',
    wrapGenerate: async ({ doGenerate }) => {
      const result = await doGenerate()
      return { ...result, content: result.content.flatMap(splitContent) }
    },
    wrapStream: async ({ doStream }) => {
      const { stream, ...rest } = await doStream()
      const split = splitParts(waits, () => {
        waits = true
      })
      return { ...rest, stream: stream.pipeThrough(split) }
    },
  }
}

function splitContent(content: LanguageModelV3Content): LanguageModelV3Content[] {
  if (content.type !== 'text') return [content]
  const reader = new ThoughtReader(true)
  const pieces = joinPieces([...reader.push(content.text), ...reader.end()])
  if (pieces.length === 0) return [content]
  return pieces.map(({ kind, text }) =>
    kind === 'text'
      ? { ...content, text }
      : { type: 'reasoning', text: text.trim(), providerMetadata: FROM_TEXT },
  )
}

function joinPieces(pieces: readonly ThoughtPiece[]): ThoughtPiece[] {
  return (['thought', 'text'] as const)
    .map((kind) => ({
      kind,
      text: pieces.flatMap((piece) => (piece.kind === kind ? piece.text : [])).join(''),
    }))
    .filter(({ text }) => text !== '')
}

type Part = LanguageModelV3StreamPart
type PartOf<T extends Part['type']> = Extract<Part, { type: T }>

function splitParts(waits: boolean, learn: () => void): TransformStream<Part, Part> {
  let open:
    | { start: PartOf<'text-start'>; reader: ThoughtReader; shown: ThoughtPiece['kind'] | undefined }
    | undefined
  const show = (pieces: readonly ThoughtPiece[], emit: (part: Part) => void) => {
    for (const { kind, text: delta } of pieces) {
      if (!open) return
      if (open.shown !== kind) {
        close(emit)
        emit(kind === 'text' ? open.start : { type: 'reasoning-start', id: `${open.start.id}-thought` })
        open.shown = kind
      }
      if (kind === 'text') emit({ type: 'text-delta', id: open.start.id, delta })
      else emit({ type: 'reasoning-delta', id: `${open.start.id}-thought`, delta })
    }
  }
  const close = (emit: (part: Part) => void) => {
    if (open?.shown === 'text') emit({ type: 'text-end', id: open.start.id })
    if (open?.shown === 'thought')
      emit({ type: 'reasoning-end', id: `${open.start.id}-thought`, providerMetadata: FROM_TEXT })
  }
  return new TransformStream({
    transform(part, controller) {
      const emit = (one: Part) => controller.enqueue(one)
      try {
        if (part.type === 'text-start')
          open = { start: part, reader: new ThoughtReader(waits), shown: undefined }
        else if (part.type === 'text-delta' && open) show(open.reader.push(part.delta), emit)
        else if (part.type === 'text-end' && open) {
          show(open.reader.end(), emit)
          close(emit)
          open = undefined
        } else emit(part)
      } catch (error) {
        learn()
        emit({ type: 'error', error })
      }
    },
  })
}
