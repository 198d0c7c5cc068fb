import { type Encoder, encoders } from './encoders.ts'

/** What a `.hbs` file may use, each through an encoder: `{{md name}}`. */
export const VALUE_NAMES = ['name', 'description'] as const
export type ValueName = (typeof VALUE_NAMES)[number]

/** A `.hbs` file as `compileText` made it: text, and places for user text with the encoder that makes it harmless there. */
export type CompiledText = (string | { encoder: Encoder; value: ValueName })[]

/** User text gets into a file only here, and only encoded. */
export function renderText(compiled: CompiledText, values: Record<ValueName, string>): string {
  return compiled
    .map((piece) => (typeof piece === 'string' ? piece : encoders[piece.encoder](values[piece.value])))
    .join('')
}
