import { extractTerms, stemWord } from '#kit/retrieval/terms'
import { hasPerson } from './names.ts'
import { hasPlace } from './places.ts'
import {
  hasAmount,
  hasCount,
  hasMail,
  hasMoney,
  hasPhone,
  hasValue,
  removeValues,
  type ValueKind,
} from './values.ts'

/** A sentence, as a question looks at it. */
interface Looked {
  sentence: string
  question: string
  /** The terms that name what is asked about. */
  asked: ReadonlySet<string>
  /** The sentence itself, not only its heading, has them. */
  isAbout: boolean
}

/** What a question wants to know: a sentence that lacks it is no answer, whatever it shares with the question. */
export interface Kind {
  /** The question, from its question word on. */
  asks: RegExp
  /** What a line about it begins with: "Where: Bregenz". */
  label?: RegExp
  /** A line with the label is no answer without the value: "When: 12 March" does not say what time. */
  isStrict?: boolean
  /** Words that ask for this and name no subject: the note need not have them. */
  carriers: string
  holds(looked: Looked): boolean
  /** What makes one answer better than another. */
  prefers?(looked: Looked): boolean
  /** What will do in a sentence that has all that is asked about. */
  nearlyHolds?(looked: Looked): boolean
}

const holdValue =
  (...kinds: readonly ValueKind[]) =>
  ({ sentence }: Looked) =>
    hasValue(sentence, ...kinds)

const EVENT =
  'happen take place hold held occur schedule plan planned event appointment come go meet meeting visit'
const PEOPLE = 'people persons person guests participants attendees members us them'
const ROLE = /\b(?:looks? after|responsible|care of|charge of|handles?|deals? with)\b/i
const AMOUNT_OF_MONEY = [
  /^how (?:expensive|cheap)\b/,
  /^how much (?:money\b|(?:is|are|was|were|for|per)\b)/,
  /^how much (?:will|would|does|do|did)\b.*\b(?:cost|pay|paid|charged?|owe|spend|spent|earn)/,
  /^what\b.*\b(?:costs?|prices?|fees?|fares?|rent|salary|budget|deposit)\b/,
]

/** The first that matches decides. */
export const KINDS: readonly Kind[] = [
  {
    asks: /^how long\b|^how much (?:time|longer)\b|^(?:what|which) (?:is|was|are) the (?:duration|length)\b/i,
    carriers: 'long longer last lasts take takes took duration length time go run need',
    holds: ({ sentence }) =>
      hasValue(sentence, 'DURATION') || /\b\d[\d.,]*\s?(?:[ckm]?m|met(?:re|er)s?|miles?)\b/.test(sentence),
  },
  {
    asks: /^how (?:often|frequently|many times)\b/i,
    carriers: 'often frequently times happen take place hold held meet',
    holds: holdValue('FREQUENCY'),
  },
  {
    asks: /^how many\b/i,
    carriers: `${PEOPLE} come comes coming attend attending join go going take part there total`,
    holds: ({ sentence, question }) => hasCount(sentence, readCounted(question)),
  },
  {
    asks: /^how old\b|^what age\b/i,
    carriers: 'old age',
    holds: ({ sentence }) =>
      /\b\w+ (?:years?|yrs?|months?|weeks?)\b|\bage[ds]?:? \d|\bborn\b.*\d|\bturn(?:s|ed|ing)? \w+|\bbirthday\b.*\d{4}/i.test(
        sentence,
      ),
  },
  {
    asks: new RegExp(AMOUNT_OF_MONEY.map(({ source }) => source).join('|'), 'i'),
    label: /^(?:costs?|price|budget|fees?|total|rent|entry|tickets?)\b/i,
    carriers:
      'cost costs price prices pay paid money expensive cheap charge charged spend spent owe much total euro euros dollars francs pounds altogether per month week day year hour night person head',
    holds: ({ sentence }) => hasMoney(sentence),
  },
  {
    asks: /^how much\b/i,
    carriers: 'much need use used go goes take takes require put',
    holds: ({ sentence }) => hasAmount(sentence) || hasValue(sentence, 'MONEY'),
  },
  {
    asks: /^how (?:hot|warm|cold)\b/i,
    carriers: 'hot warm cold oven temperature',
    holds: ({ sentence }) => /\d\s?(?:°|º|degrees|[CF]\b)|\bgas mark \d/.test(sentence),
  },
  {
    asks: /^how heavy\b/i,
    carriers: 'heavy weigh weight',
    holds: ({ sentence }) =>
      /\d\s?(?:k?g|kilos?|kilograms?|grams?|lbs?|pounds?|oz|tons?|tonnes?)\b/i.test(sentence),
  },
  {
    asks: /^how (?:far|big|large|small|tall|high|low|fast|quickly|soon|wide|deep|thick|strong|full|loud)\b/i,
    carriers: 'far big large small tall high low fast quickly soon wide deep thick strong full loud',
    holds: ({ sentence }) => hasAmount(sentence) || hasValue(sentence, 'TIME', 'DURATION', 'DATE'),
  },
  {
    asks: /^(?:what|which)\b.*\b(?:phone|telephone|mobile|cell)\b|^(?:what|which) number\b.*\b(?:call|reach|dial)\b/i,
    carriers: 'phone telephone mobile cell number call reach dial contact',
    holds: ({ sentence }) => hasPhone(sentence),
  },
  {
    asks: /^(?:what|which)\b.*\be-?mail\b/i,
    carriers: 'email mail e address contact reach',
    holds: ({ sentence }) => hasMail(sentence),
  },
  {
    asks: /^(?:what|which) (?:time|hour)\b|^(?:what|which) is the time\b/i,
    label: /^(?:when|time|starts?|begins?)\b/i,
    isStrict: true,
    carriers: `${EVENT} time hour start starts begin begins next`,
    holds: holdValue('TIME'),
  },
  {
    asks: /^(?:when|(?:what|which) (?:days?|dates?|years?|months?|weekdays?|weeks?|(?:is|was|are) the (?:dates?|day))\b)/i,
    label: /^(?:when|dates?|time|day|due|starts?|begins?)\b/i,
    carriers: `${EVENT} date dates day days time hour year month week weekday start starts begin begins due next`,
    holds: holdValue('DATE', 'RELATIVE', 'TIME'),
    prefers: ({ sentence }) => hasValue(sentence, 'DATE'),
    nearlyHolds: ({ sentence }) =>
      /\b(?:before|after|until|once|when|while|as soon as|at \d)/i.test(sentence),
  },
  {
    asks: /^(?:where|(?:what|which) (?:(?:is|was|are) the )?(?:place|location|venue|address))\b/i,
    label: /^(?:where|place|location|venue|address|meeting (?:point|place)|room|site|city)\b/i,
    carriers: `${EVENT} place location venue address find found locate located lie stand situated`,
    holds: ({ sentence, ...looked }) => hasPlace(sentence, looked),
    prefers: ({ sentence }) =>
      /\b(?:at|in|near|behind|under|next to|opposite) (?!least|most)\p{L}/u.test(
        removeValues(sentence, 'DATE', 'TIME'),
      ),
  },
  {
    asks: /^(?:who|whom|whose|which (?:person|people))\b/i,
    label:
      /^(?:who|with|people|attendees|participants|present|guests|members|team|contact|host|lead|owner|organi[sz]ers?)\b/i,
    carriers: `${PEOPLE} ${EVENT} going coming attend attending join joining participate invited there name money look looks responsible care charge handle handles deal deals`,
    // "Who is responsible for X" is not answered by those who come to X.
    holds: ({ sentence, question, asked, isAbout }) =>
      (isAbout || !ROLE.test(question)) && hasPerson(sentence, question, asked),
  },
]

/** "How many guests": whether a word is what the question counts. For people, many words are. */
function readCounted(question: string): (word: string) => boolean {
  const [, first = '', second = ''] =
    /\bhow many (?:more |other )?([\p{L}-]+)(?: ([\p{L}-]+))?/iu.exec(question) ?? []
  const people = extractTerms(PEOPLE)
  const isPeople = extractTerms(first).some((term) => people.includes(term))
  const wanted = new Set(isPeople ? people : extractTerms(`${first} ${second}`))
  return (word) => /^(?:them|us)$/i.test(word) || stemWord(word).some((term) => wanted.has(term))
}

/** Whether the label of a line is that of this kind, of another one, or of none: "Where: Bregenz" does not say who. */
export function matchLabel(
  sentence: string,
  kind: Kind,
  asked: ReadonlySet<string>,
): 'same' | 'other' | 'none' {
  const [, label = ''] = /^[\W_]*(\p{L}[\p{L} ]{1,25}?)[*_]*\s?:/u.exec(sentence) ?? []
  const labelled = KINDS.filter((one) => one.label?.test(label))
  if (labelled.includes(kind)) return 'same'
  return labelled.length === 0 || extractTerms(label).some((term) => asked.has(term)) ? 'none' : 'other'
}
