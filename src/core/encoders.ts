import { quoteShellWord } from '../../templates/_shared/console/files/kit/console/shell.ts'

/**
 * One encoder per format: each turns any text into a form that a parser of that format reads back as the same
 * text. User text enters a rendered file only through these; the build refuses `{{x}}` without an encoder.
 */
export const encoders = {
  json: encodeJson,
  /**
   * A double-quoted YAML scalar: JSON's escapes are a subset of YAML's, but YAML also requires these to be
   * escaped.
   */
  yaml: (text: string) => encodeJson(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, escapeUnit),
  /** A double-quoted string literal of TypeScript or JavaScript, safe inside `<script>` too. */
  ts: (text: string) => encodeJson(text).replace(/[\u2028\u2029<]/g, escapeUnit),
  /** A TOML basic string. */
  toml: (text: string) => encodeJson(text).replace(/[\x7f]/g, escapeUnit),
  html: (text: string) => text.replace(/[&<>"'`]/g, escapeEntity).replace(/[\r]/g, escapeEntity),
  /**
   * Markdown text on one line: characters that could start a block or have an inline meaning are escaped,
   * line breaks become entities.
   */
  md: (text: string) =>
    text
      .replace(/[\\`*_[\]<>&#|~!$^]|^[-+=]|(?<=^\d+)[.)]/g, '\\$&')
      .replace(/[\n\r\t]|^ | $| (?= )/g, escapeEntity),
  /** A value in a POSIX shell script. */
  sh: quoteShellWord,
} satisfies Record<string, (text: string) => string>

export type Encoder = keyof typeof encoders

/** JSON.stringify escapes lone surrogates itself. */
function encodeJson(text: string): string {
  return JSON.stringify(text)
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function escapeEntity(character: string): string {
  return `&#${character.codePointAt(0)};`
}
