/** A piece of text where a page shows it. Units are points, and y grows upwards. */
export interface PdfFragment {
  text: string
  /** Left and right edge. */
  x: number
  end: number
  /** Baseline. */
  y: number
  height: number
  font: string
  isRtl: boolean
}

/** The fragments on one baseline, from left to right. */
export type PdfRow = readonly PdfFragment[]

interface PdfItem {
  str: string
  dir: string
  transform: number[]
  width: number
  height: number
  fontName: string
}

/** Groups the items of a page by the direction they are printed in, most text first, each turned upright. */
export function turnUpright(items: readonly PdfItem[]): PdfFragment[][] {
  const turns = new Map<number, PdfFragment[]>()
  for (const { str, dir, transform, width, height, fontName } of items) {
    const [a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = transform
    if (str.trim() === '' || ![a, b, e, f, width].every(Number.isFinite)) continue
    const angle = Math.atan2(b, a)
    const x = e * Math.cos(angle) + f * Math.sin(angle)
    const y = f * Math.cos(angle) - e * Math.sin(angle)
    const fragment = { text: str, x, end: x + Math.abs(width), y, font: fontName, isRtl: dir === 'rtl' }
    const turn = Math.round((angle * 180) / Math.PI)
    const group = turns.get(turn) ?? []
    group.push({ ...fragment, height: height || Math.hypot(c, d) || 1 })
    turns.set(turn, group)
  }
  return [...turns.values()].sort((a, b) => b.length - a.length)
}

/** Groups fragments whose heights overlap, so that a superscript stays in its line. Top to bottom. */
export function groupRows(fragments: readonly PdfFragment[]): PdfRow[] {
  const rows: { tallest: PdfFragment; all: PdfFragment[] }[] = []
  for (const fragment of [...fragments].sort((a, b) => b.y - a.y)) {
    const row = rows.at(-1)
    if (row !== undefined && isSameLine(row.tallest, fragment)) {
      row.all.push(fragment)
      if (fragment.height > row.tallest.height) row.tallest = fragment
    } else rows.push({ tallest: fragment, all: [fragment] })
  }
  return rows.map(({ all }) => dropOverprint(all.sort((a, b) => a.x - b.x)))
}

function isSameLine(a: PdfFragment, b: PdfFragment): boolean {
  const overlap = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return overlap >= 0.6 * Math.min(a.height, b.height)
}

/** Joins a row's fragments, with a space where the page shows one. */
export function joinRow(row: PdfRow): string {
  const rtl = row.reduce((sum, { text, isRtl }) => sum + (isRtl ? text.length : -text.length), 0) > 0
  const ordered = rtl ? row.toReversed() : row
  let text = ''
  let before: PdfFragment | undefined
  for (const fragment of ordered) {
    const gap = before === undefined ? 0 : rtl ? before.x - fragment.end : fragment.x - before.end
    text += before !== undefined && gap > 0.15 * fragment.height ? ` ${fragment.text}` : fragment.text
    before = fragment
  }
  return text.replace(/[ \t]+/g, ' ').trim()
}

/** Keeps once what a page prints twice at nearly the same place: bold text made by hand, and shadows. */
function dropOverprint(row: PdfRow): PdfRow {
  if (!row.some((fragment, index) => overlaps(row[index - 1], fragment))) return row
  return collapseLetters(row) ?? dropWords(row)
}

function overlaps(before: PdfFragment | undefined, { x, height }: PdfFragment): boolean {
  return before !== undefined && before.end - x > 0.25 * height
}

/** Letters that are each printed several times come as `AAnn`; undefined if the row has none. */
function collapseLetters(row: PdfRow): PdfRow | undefined {
  const parts: PdfFragment[][] = []
  let edge = Number.NEGATIVE_INFINITY
  for (const fragment of row) {
    if (fragment.x - edge < 1.2 * fragment.height) parts.at(-1)?.push(fragment)
    else parts.push([fragment])
    edge = Math.max(edge, fragment.end)
  }
  let changed = false
  const collapsed = parts.map((part) => {
    const joined = joinRow(isEvenlySpaced(part) ? part.map(closeUp) : part)
    const text = joined.replace(/(?:(\S)\1{3} ?){4,}|(?:(\S)\2{2} ?){4,}|(?:(\S)\3 ?){4,}/gu, keepOne)
    if (text === joined) return part
    changed = true
    const [first] = part as [PdfFragment, ...PdfFragment[]]
    return [{ ...first, text, end: part.reduce((most, { end }) => Math.max(most, end), first.end) }]
  })
  return changed ? collapsed.flat() : undefined
}

/** Letters at equal distances, whatever their width: the gap after a narrow one is no space. */
function isEvenlySpaced(part: PdfRow): boolean {
  const steps = part.slice(1).map(({ x }, index) => x - (part[index]?.x ?? x))
  const wide = steps.filter((step, index) => step > 0.2 * (part[index]?.height ?? 0)).sort((a, b) => a - b)
  const usual = wide[Math.floor(wide.length / 2)] ?? 0
  return (
    wide.length > 3 && wide.filter((step) => Math.abs(step - usual) < 0.1 * usual).length > wide.length / 2
  )
}

function closeUp(fragment: PdfFragment): PdfFragment {
  return { ...fragment, text: fragment.text.replace(/\s+/g, '') }
}

function keepOne(run: string, four?: string, three?: string): string {
  const times = four !== undefined ? 4 : three !== undefined ? 3 : 2
  return run.replace(new RegExp(`(\\S)\\1{${times - 1}}`, 'gu'), '$1')
}

/** Drops words that stand nearly where the same word stands already. */
function dropWords(row: PdfRow): PdfRow {
  const seen = new Map<string, number[]>()
  return row.flatMap((fragment) => {
    const letter = (fragment.end - fragment.x) / fragment.text.length
    const kept = fragment.text.replace(/\S+/g, (word, at: number) => {
      const middle = fragment.x + letter * (at + word.length / 2)
      const places = seen.get(word) ?? []
      const isRepeated = places.some((place) => Math.abs(place - middle) < 0.5 * letter * word.length)
      if (!isRepeated) seen.set(word, [...places.slice(-8), middle])
      return isRepeated ? '' : word
    })
    return kept.trim() === '' ? [] : [{ ...fragment, text: kept }]
  })
}
