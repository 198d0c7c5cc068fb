/** HTML that is safe to put in a page. Everything else is text, and is escaped. */
export class Markup {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }
}

type Value = string | number | Markup | readonly Markup[]

/** A template whose values are escaped, for element content and for attributes in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const filled = parts.map(
    (part, index) => part + (index < values.length ? renderValue(values[index] ?? '') : ''),
  )
  return new Markup(filled.join(''))
}

export const nothing = new Markup('')

function renderValue(value: Value): string {
  if (value instanceof Markup) return value.html
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value))
  return value.map((markup) => markup.html).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Invisible characters and characters that change the text direction; they are shown by their code point. */
const UNSEEN = /(?![\n\t\r\u00ad\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu

export function escapeText(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll('\r', '')
    .replaceAll(
      UNSEEN,
      (character) => `⟨${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    )
}
