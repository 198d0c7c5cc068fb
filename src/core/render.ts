import { type Encoder, encoders } from './encoders.ts'

/** The values that a `.hbs` file may use, each through an encoder: `{{md name}}`. */
export const VALUE_NAMES = ['name', 'description'] as const
export type ValueName = (typeof VALUE_NAMES)[number]

/**
 * A `.hbs` file as `compileText` compiled it: text, and placeholders for user text with the encoder that
 * makes it safe there.
 */
export type CompiledText = (string | { encoder: Encoder; value: ValueName })[]

/** The only place where user text enters a file; always encoded. */
export function renderText(compiled: CompiledText, values: Record<ValueName, string>): string {
  return compiled
    .map((piece) => (typeof piece === 'string' ? piece : encoders[piece.encoder](values[piece.value])))
    .join('')
}
