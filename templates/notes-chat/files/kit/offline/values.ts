// What dates, times, amounts and the like look like in a note. Every pattern is tried on one sentence.

const DIGITS = String.raw`\d[\d.,'’]*`
const WORDS =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen|half'
const NUMBER = String.raw`(?:${DIGITS}|\b(?:${WORDS})(?:[- ](?:${WORDS}))*\b)`
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const CAPITAL_MONTH =
  '(?:Jan|January|Feb|February|March|April|May(?! (?:I|we|be)\\b)|June|July|Aug|August|Sept?|September|Oct|October|Nov|November|Dec|December)'
const DAY = String.raw`\d{1,2}(?:st|nd|rd|th)?\.?`
const CLOCK = String.raw`\d{1,2}(?:[:.h]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.)|\b\d{1,2}[:h]\d{2}\b|\b[012]?\d\.[0-5]\d(?=\s?(?:[-–]\s?[012]?\d\.[0-5]\d|h\b|uhr))|(?<=\b\d\.\d\d\s?[-–]\s?|\b\d\d\.\d\d\s?[-–]\s?)[012]?\d\.[0-5]\d\b`
const PERIOD = '(?:second|minute|hour|day|night|week|weekend|month|quarter|year)'
const UNIT =
  '(?:s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|d|days?|nights?|wks?|weeks?|weekends?|months?|quarters?|yrs?|years?|decades?)'
const TO = String.raw`\s*(?:-|–|—|to|until|till|and)\s*`

const DATE: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:${DAY}(?:${TO}|,\s*))?${DAY}\s*(?:of\s+)?${MONTH}\b(?:[.,]?\s*\d{4})?`, 'gi'),
  new RegExp(String.raw`\b${MONTH}\.?\s+${DAY}(?:${TO}${DAY})?(?![\d:])(?:,?\s*\d{4})?`, 'gi'),
  /\b\d{4}-\d{2}(?:-\d{2})?\b|\b\d{1,2}\/\d{1,2}(?:\/\d{2,4})?\b|\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?(?!\d)/g,
  new RegExp(String.raw`\b${CAPITAL_MONTH}\b\.?(?:\s+\d{4})?`, 'g'),
  /\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b/gi,
  /\b(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)\b/g,
  /\b(?:today|tomorrow|tonight|yesterday|weekdays|weekends|fortnightly|daily|nightly|weekly|monthly|yearly|annually)\b/gi,
  new RegExp(
    String.raw`\b(?:this|next|last|every|each|end of(?: the)?|start of(?: the)?|mid)[ -](?:other |second |third |two |three )?(?:${PERIOD}s?|morning|afternoon|evening|spring|summer|autumn|fall|winter)\b`,
    'gi',
  ),
  /\b(?:in|by|since|until|till|from|before|after|over) (?:the )?(?:spring|summer|autumn|fall|winter|easter|christmas|new year)\b/gi,
  /\b(?:Q[1-4]|(?:calendar )?week \d{1,2}|easter|christmas|new year's(?: eve| day)?)\b/gi,
  /\b\d{1,2}(?:st|nd|rd|th)\b/gi,
  /(?<![\d.,:#$€£-])\b(?:19|20)\d{2}\b(?![\d.,:]*\d|\s*(?:%|[a-z]{1,2}\b|€|\$))/g,
]

/** Counted from another time. */
const RELATIVE: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:in|within|after) ${NUMBER} ${UNIT}\b|${NUMBER} ${UNIT} (?:before|after|ago|ahead|later|earlier)\b`,
    'gi',
  ),
]

const TIME: readonly RegExp[] = [
  new RegExp(CLOCK, 'gi'),
  /\b(?:noon|midday|midnight|half past \w+|quarter (?:past|to) \w+|\w+ o['’]clock)\b/gi,
  new RegExp(
    String.raw`\b(?:at|from|until|till|before|after) (?:\d{1,2}|${WORDS})\b(?!\s*(?:%|°|[.,:]\d|(?!and\b|on\b|in\b|at\b|to\b|with\b|sharp\b)[a-z]{2,}))`,
    'gi',
  ),
]

const RATE = String.raw`(?<!\d\s?|\d[a-z]{1,3}\s|[€$£]\s?|euros? |dollars? |francs? |pounds? |cents? |-)`
const DURATION: readonly RegExp[] = [
  new RegExp(String.raw`${NUMBER}[\s-]*${UNIT}\b(?!\s*(?:before|after|ago|ahead|later|earlier)\b)`, 'gi'),
  new RegExp(
    String.raw`${RATE}\b(?:an?|half an?|one|the whole|all|a full|a couple of|a few|several) ${PERIOD}s?\b(?! (?:before|after|ago|later))`,
    'gi',
  ),
  /\b(?:overnight|all (?:day|night|week|year)|for ?ever|indefinitely|half[ -]days?)\b/gi,
  new RegExp(String.raw`(?:${CLOCK})${TO}(?:${CLOCK}|\d)|\bfrom \d{1,2}${TO}\d{1,2}\b`, 'gi'),
  new RegExp(
    String.raw`\b${DAY}${TO}${DAY}\s*(?:of\s+)?${MONTH}\b|\b${MONTH}\.?\s+${DAY}${TO}(?:${MONTH}\.?\s+)?${DAY}|\b${DAY}\s*${MONTH}${TO}${DAY}\s*${MONTH}`,
    'gi',
  ),
  /\b\d{4}-\d{2}-\d{2}\s*(?:-|–|to|until)\s*\d{4}-\d{2}-\d{2}\b/g,
  /\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\s*(?:-|–|to|until|till)\s*(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b/gi,
]

const FREQUENCY: readonly RegExp[] = [
  /\b(?:every|each|once|twice|daily|nightly|weekly|monthly|quarterly|yearly|annually|hourly|fortnightly|always|never|regularly)\b/gi,
  /\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\b(?:weekdays|weekends)\b/gi,
  new RegExp(String.raw`${NUMBER} (?:times|x)\b|\b\d+x\b|\b(?:a|per)\s+${PERIOD}\b|\/\s?${PERIOD}\b`, 'gi'),
]

const CODES =
  'EUR|USD|GBP|CHF|JPY|CNY|RMB|INR|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|TRY|ILS|AUD|CAD|NZD|SGD|HKD|MXN|BRL|ZAR|KRW|THB|Fr\\.|Rs\\.?|kr\\.?|zł|R\\$|US\\$|A\\$|CA\\$'
const COINS =
  'euros?|dollars?|bucks|pounds?|quid|francs?|yen|yuan|rupees?|pesos?|kron(?:a|e|or|er|en)|crowns?|zlotys?|złoty|cents?|pence|grand'
const SIGNS = '[$€£¥₹₩₺₽₪฿₫₴]'
const MONEY: readonly RegExp[] = [
  new RegExp(String.raw`(?:${SIGNS}|\b(?:${CODES}))\s?${DIGITS}\s?[kKmM]?`, 'g'),
  new RegExp(String.raw`${DIGITS}\s?[kKmM]?\s?(?:${SIGNS}|(?:${CODES})(?![\p{L}\d]))`, 'gu'),
  new RegExp(String.raw`${NUMBER}(?:\s?k)?\s(?:${COINS})\b`, 'gi'),
  /\b\d[\d.,'’]*(?:[.,][-–—]|\s?k\b)/gi,
  /\b(?:free of charge|for free|free|gratis|no charge|costs? nothing)\b/gi,
]
/** With two decimals, and no unit. */
const PRICE =
  /(?<![\d.,:])\d{1,5}[.,]\d{2}(?![\d.,]\d|\d|\s?(?:%|°|[kcm]?g|[kcm]?m|[cm]?l|m?s|h|[KMG]B|bar|percent)\b)/
/** Words next to which a bare number is an amount of money. */
const MONEY_WORD =
  /\b(?:costs?|prices?|fees?|fares?|rent|budgets?|pays?|paid|salary|wages?|deposits?|charges?|charged|bills?|invoices?|tips?|tax(?:es)?|premiums?|total|worth|spent|spend|owes?|owed|per (?:month|person|head|night|child|year|hour|day|week|piece)|p\.\s?p\.)\b/i

export const VALUES = { DATE, RELATIVE, TIME, DURATION, FREQUENCY, MONEY } as const
export type ValueKind = keyof typeof VALUES

/** Whether a text holds a value of one of these kinds. */
export function hasValue(text: string, ...kinds: readonly ValueKind[]): boolean {
  return kinds.some((kind) => VALUES[kind].some((pattern) => text.search(pattern) >= 0))
}

/** A text without its values of these kinds. */
export function removeValues(text: string, ...kinds: readonly ValueKind[]): string {
  const patterns = kinds.flatMap((kind) => VALUES[kind])
  return patterns.reduce((left, pattern) => left.replaceAll(pattern, ' … '), text)
}

const AMOUNT = new RegExp(String.raw`(?<![\p{L}#-])${NUMBER}`, 'iu')
const ONE_NUMBER = new RegExp(`^(?:${NUMBER}|no)$`, 'i')

/** Whether a text holds a number, in digits or in words, that is no date, time or length of time. */
export function hasAmount(text: string): boolean {
  return AMOUNT.test(removeValues(text, 'DATE', 'RELATIVE', 'TIME', 'DURATION'))
}

/** Whether a text holds an amount of money: with a currency, or next to a word such as "budget". */
export function hasMoney(text: string): boolean {
  if (hasValue(text, 'MONEY') || (MONEY_WORD.test(text) && hasAmount(text))) return true
  return PRICE.test(removeValues(text, 'DATE', 'TIME'))
}

/** Whether a text counts these things: "six pieces", "19 of them", "pieces: 6", "pieces are six". */
export function hasCount(text: string, isThing: (word: string) => boolean): boolean {
  const words = removeValues(text, 'DATE', 'TIME').match(/[\p{L}\p{N}'’-]+|:/gu) ?? []
  return words.some((word, at) => {
    if (!ONE_NUMBER.test(word)) return false
    const isLabelled = words[at - 1] === ':' && words.slice(0, at - 1).some(isThing)
    const isStated =
      /^(?:at|is|are|was|were|to|by)$/i.test(words[at - 1] ?? '') && isThing(words[at - 2] ?? '')
    return isLabelled || isStated || words.slice(at + 1, at + 4).some(isThing)
  })
}

/** Whether a text holds a telephone number: seven digits or more, or fewer behind a word that says so. */
export function hasPhone(text: string): boolean {
  const left = removeValues(text, 'DATE')
  if (/\b(?:phone|tel|telephone|mobile|cell|call|ext|extension|fax)\b\.?:?\s*[+\d]{3,}/i.test(left))
    return true
  return [...left.matchAll(/\+?\d[\d\s()/.-]{5,}\d/g)].some(
    ([digits]) => digits.replaceAll(/\D/g, '').length > 6,
  )
}

export function hasMail(text: string): boolean {
  return /\S@\S+\.\p{L}{2,}/u.test(text)
}
