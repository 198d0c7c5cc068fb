import { getEnding } from '#kit/files/ending'

/** Programs that convert what is not read, by ending. `FILE` is the file, `NAME` its name without the ending. */
const CONVERTERS: readonly (readonly [endings: string, command: string])[] = [
  ['.docx .odt .rtf .epub .ipynb .fb2', 'pandoc FILE -t gfm -o NAME.md'],
  ['.pdf', 'pdftotext -layout FILE NAME.txt'],
  ['.doc .wpd', 'soffice --headless --convert-to html FILE'],
  ['.xlsx .xls .ods', 'soffice --headless --convert-to csv FILE'],
  ['.pptx .ppt .odp', 'soffice --headless --convert-to pdf FILE, then pdftotext NAME.pdf'],
  ['.msg', 'msgconvert FILE'],
  ['.mhtml .mht', 'a browser: open FILE and save it as a web page'],
  ['.png .jpg .jpeg .tif .tiff .gif .webp .heic', 'tesseract FILE NAME'],
  ['.mp3 .m4a .wav .ogg .flac .mp4 .mkv .mov .webm', 'whisper FILE --output_format vtt'],
]

const COMMANDS: ReadonlyMap<string, string> = new Map(
  CONVERTERS.flatMap(([endings, command]) => endings.split(' ').map((ending) => [ending, command] as const)),
)

/**
 * Names a program that makes a file readable here, as a command; undefined if none is known. `type` has the
 * ending that decides.
 */
export function suggestConverter(type: string, file = type): string | undefined {
  const quote = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
  const stem = file.replace(/\.\w+$/, '')
  return COMMANDS.get(getEnding(type))
    ?.replaceAll('FILE', () => quote(file))
    .replaceAll(/NAME(\.\w+)?/g, (_, ending = '') => quote(`${stem}${ending}`))
}

const MAX_KINDS = 8

/** Counts what a walk through folders passes by, so that nothing is left out in silence. */
export class UnreadCount {
  readonly #counts = new Map<string, number>()

  /** Takes the name of a file, or of a link. */
  add(name: string, kind: 'file' | 'linked file' | 'linked folder'): void {
    const ending = getEnding(name)
    const key = kind === 'file' ? (ending.startsWith('.') ? ending : 'without an ending') : kind
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** One line, such as `not read: 3 .docx, 1 linked folder (pandoc reads .docx)`; undefined if nothing was passed by. */
  format(): string | undefined {
    const isLink = (kind: string) => Number(kind.startsWith('linked '))
    const kinds = [...this.#counts].sort(
      ([a, some], [b, others]) => isLink(a) - isLink(b) || others - some || (a < b ? -1 : 1),
    )
    if (kinds.length === 0) return undefined
    const shown = kinds.slice(0, MAX_KINDS).map(([kind, count]) => formatKind(kind, count))
    const others = kinds.slice(MAX_KINDS).reduce((sum, [, count]) => sum + count, 0)
    if (others > 0) shown.push(`${others} other${others === 1 ? '' : 's'}`)
    return `not read: ${shown.join(', ')}${this.#nameConverters()}`
  }

  #nameConverters(): string {
    const programs = new Map<string, string[]>()
    for (const ending of this.#counts.keys()) {
      const program = COMMANDS.get(ending)?.split(' ')[0]
      if (
        program === 'pandoc' ||
        program === 'pdftotext' ||
        program === 'soffice' ||
        program === 'msgconvert'
      )
        programs.set(program, [...(programs.get(program) ?? []), ending])
    }
    const parts = [...programs].map(([program, endings]) => `${program} converts ${endings.join(' ')}`)
    return parts.length === 0 ? '' : ` (${parts.join(', ')})`
  }
}

function formatKind(kind: string, count: number): string {
  return `${count} ${kind.startsWith('linked ') && count > 1 ? `${kind}s` : kind}`
}
