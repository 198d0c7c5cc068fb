/**
 * What CLDR knows about each language, taken from the copy inside Node (`Intl`) when it is first needed. With all
 * languages it takes about 0.15 s, so English, which most texts need, is separate.
 */

/** All languages with a two-letter code that this Node has data for. */
function listLanguages(): string[] {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index))
  const codes = letters.flatMap((first) => letters.map((second) => first + second))
  return Intl.DateTimeFormat.supportedLocalesOf(codes).filter((code) => code.length === 2)
}

/** Folds a word for comparing: letter case, accents and abbreviation points don't count. */
export function foldWord(word: string): string {
  return word
    .normalize('NFKD')
    .replaceAll(/[\p{M}.]/gu, '')
    .toLowerCase()
}

type Words = ReadonlyMap<string, readonly number[]>

function collectWords(add: (put: (word: string, value: number) => void, language: string) => void) {
  const collect = (languages: readonly string[]): Words => {
    const words = new Map<string, number[]>()
    const put = (word: string, value: number) => {
      const values = words.get(word) ?? []
      if (!values.includes(value)) words.set(word, [...values, value])
    }
    for (const language of languages) add(put, language)
    return words
  }
  const english = once(() => collect(['en', 'en-IN']))
  const all = once(() => collect(listLanguages()))
  return (word: string) => english().get(word) ?? all().get(word) ?? []
}

function once<T>(compute: () => T): () => T {
  let value: T | undefined
  return () => {
    value ??= compute()
    return value
  }
}

const MONTH_FORMS: readonly Intl.DateTimeFormatOptions[] = [
  { month: 'long', day: 'numeric' }, // the form after a day: "3 marca"
  { month: 'short', day: 'numeric' },
  { month: 'long' }, // the form by itself: "marzec"
  { month: 'short' },
]

/** The months (1 to 12) that a folded word names in any language: several for "listopad" (October or November). */
export const findMonths = collectWords((put, language) => {
  for (const form of MONTH_FORMS) {
    const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, { ...form, timeZone: 'UTC' })
    for (let month = 1; month <= 12; month++) {
      const parts = format.formatToParts(Date.UTC(2026, month - 1, 15))
      const name = parts.find(({ type }) => type === 'month')?.value ?? ''
      if (/[\p{L}\p{M}]{2}/u.test(name)) put(foldWord(name), month)
    }
  }
})

/** The factors that a folded word stands for in any language: "mio" is 1e6, "万" is 1e4, "bilion" 1e9 or 1e12. */
export const findFactors = collectWords((put, language) => {
  for (const compactDisplay of ['long', 'short'] as const) {
    const format = new Intl.NumberFormat(`${language}-u-nu-latn`, {
      ...{ notation: 'compact', compactDisplay, maximumFractionDigits: 0 },
    })
    for (let exponent = 3; exponent <= 12; exponent++) {
      // The word changes with the number: Million, Millionen.
      for (const value of [1, 2, 5].map((first) => first * 10 ** exponent)) {
        const parts = format.formatToParts(value)
        const word = parts.find(({ type }) => type === 'compact')?.value ?? ''
        const digits = parts.flatMap((part) => (part.type === 'integer' ? part.value : [])).join('')
        const factor = Math.round(value / Number(digits))
        if (/^10*$/.test(String(factor))) put(foldWord(word).trim(), factor)
      }
    }
  }
})

const TIME_UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year']

/** Which of second, minute, hour, day, week, month and year (0 to 6) a folded word counts: "tage" is [3]. */
export const findCountedTime = collectWords((put, language) => {
  for (const [index, unit] of TIME_UNITS.entries()) {
    const format = new Intl.NumberFormat(`${language}-u-nu-latn`, {
      style: 'unit',
      unit,
      unitDisplay: 'long',
    })
    for (const count of [1, 2, 5]) {
      const name = format.formatToParts(count).find(({ type }) => type === 'unit')?.value ?? ''
      put(foldWord(name).trim(), index)
    }
  }
})

const eraStarts = once(() => {
  const format = new Intl.DateTimeFormat('ja-u-ca-japanese-nu-latn', {
    era: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
  // A year inside each era since 1868.
  const eras = [1880, 1920, 1950, 2000, 2025].map((year) => {
    const parts = format.formatToParts(Date.UTC(year, 5, 1))
    const [era = '', count = ''] = ['era', 'year'].map(
      (type) => parts.find((part) => part.type === type)?.value,
    )
    return [era, year - Number(count) + 1] as const
  })
  return new Map(eras)
})

/** The first year of a Japanese era: 2019 for 令和. */
export function findEraStart(era: string): number | undefined {
  return era === '' ? undefined : eraStarts().get(era)
}

const digitValues = once(() => {
  const values = new Map<string, string>()
  for (const numberingSystem of Intl.supportedValuesOf('numberingSystem')) {
    const format = new Intl.NumberFormat('en', { numberingSystem, useGrouping: false })
    const digits = Array.from({ length: 10 }, (_, digit) => format.format(digit))
    if (!digits.every((digit) => /^\p{Nd}$/u.test(digit))) continue
    for (const [value, digit] of digits.entries()) values.set(digit, String(value))
  }
  return values
})

/**
 * Writes digits of any script, and the marks that go with them, as ASCII: "１２．５", "१२.५" and "١٢٫٥" are "12.5".
 * The length in UTF-16 units stays the same, so positions do too; digits outside the BMP stay as they are.
 */
export function toAsciiDigits(text: string): string {
  if (!/[^\u0000-\u2fff]|[\u0600-\u1fff]/.test(text)) return text
  return text.replaceAll(/[\p{Nd}٬٫，．：／－（）％]/gu, (unit) => {
    if (unit.length > 1) return unit
    return MARKS[unit] ?? (unit > '9' ? (digitValues().get(unit) ?? unit) : unit)
  })
}

const MARKS: Readonly<Record<string, string>> = {
  ...{ '٬': '\u00a0', '٫': ',' }, // the Arabic marks for groups and decimals mean just that
  ...{ '，': ',', '．': '.', '：': ':', '／': '/', '－': '-', '（': '(', '）': ')', '％': '%' },
}
