import { stemmer } from 'stemmer'
import { type Language, stemForeign } from './language.ts'

// Includes the words of questions: every document matches "how" and "what", and none is about them.
const STOP_WORDS = new Set(
  `a about again all also am an and any anyone are as at be been being but by can could did do does doing done for from get
give had has have having he her here hers him his how i if in into is it its itself just know let many me mean mention
mentioned might mine more most much my no nor not of off on once one or our ours out over own please s said say says shall she should so some
still such t tell than that the their theirs them then there these they this those through to too us very was we were what when
where whether which while who whom whose why will with would you your yours`.split(/\s+/),
)

const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]`
/** C#, C++, .NET and --dry-run are names with their symbols. */
const NAMES = String.raw`(?<![\p{L}\p{N}])(?:\.\p{Lu}\p{L}+|--\p{L}[\p{L}\p{N}]*(?:-[\p{L}\p{N}]+)*)`
const toPattern = (letters: string) =>
  String.raw`${letters}(?:_+${letters})*(?:(?:\+\+|#)(?![\p{L}\p{N}]))?|${NAMES}`
/** Most texts have no such script, and are split in half the time. */
const SPACED_WORD = new RegExp(toPattern('[\\p{L}\\p{M}\\p{N}]+'), 'gu')
const WORD = new RegExp(`${UNSPACED}+|${toPattern(`(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}])+`)}`, 'gu')
const IS_UNSPACED = new RegExp(UNSPACED, 'u')

/**
 * The words of a text, in order and in their case, normalised to NFKC and without a possessive 's.
 * `maxRetryCount` and `max_retry_count` are one word each, and so are C# and --dry-run. Where a script puts no space
 * between words, they are those of Unicode's dictionaries.
 */
export function splitWords(text: string): string[] {
  const plain = text.normalize('NFKC').replaceAll(/['’]s\b/g, '')
  if (!IS_UNSPACED.test(plain)) return plain.match(SPACED_WORD) ?? []
  return (plain.match(WORD) ?? []).flatMap((word) => (IS_UNSPACED.test(word) ? segmentRun(word) : [word]))
}

/** The same, but with each character by itself where a script puts no space between words: where it is cut there depends on what is around it. */
export function splitUnits(text: string): string[] {
  return splitWords(text).flatMap((word) => (IS_UNSPACED.test(word) ? [...word] : [word]))
}

const segmenters = new Map<string, Intl.Segmenter>()

function segmentRun(run: string): string[] {
  const locale = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(run)
    ? 'ja'
    : /\p{Script=Han}/u.test(run)
      ? 'zh'
      : 'th'
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: 'word' })
  segmenters.set(locale, segmenter)
  return [...segmenter.segment(run)].map(({ segment }) => segment)
}

// Splits `maxRetry|Count`, `HTTP|Server`, `sha|256` and `snake|_case`.
const PART_ENDS = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L}{2})(?=\p{N})|_+/u

/**
 * Caches stems: stemming is most of the work of indexing and reranking, and texts repeat the same few
 * thousand words.
 */
const known = new Map<string, readonly string[]>()
const MOST_KNOWN = 50_000

/**
 * The terms by which a word is found: its stem (Porter 1980), without accents. For an identifier, the whole in lower case
 * and the stems of its parts, because people search for "retry count" and for `maxRetryCount`. In Chinese and Japanese,
 * pairs of characters. A stop word has none. With a language, the stem of that language comes last, where it differs.
 */
export function stemWord(word: string, language?: Language): readonly string[] {
  const key = language === undefined ? word : `${language} ${word}`
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size === MOST_KNOWN) known.clear()
  const terms = language === undefined ? deriveTerms(word) : addForeignStem(word, language)
  known.set(key, terms)
  return terms
}

function deriveTerms(word: string): string[] {
  if (IS_UNSPACED.test(word)) return pairCharacters(word)
  const whole = word.toLowerCase()
  if (/^--/.test(word))
    return [
      whole,
      ...whole
        .split(/-+/)
        .filter(Boolean)
        .map((part) => stemmer(part)),
    ]
  if (/[+#]$|^\./.test(word)) return [whole]
  const parts = word.split(PART_ENDS).filter((part) => part !== '')
  if (parts.length < 2) return STOP_WORDS.has(whole) ? [] : [stemmer(foldAccents(stripParticle(whole)))]
  const subjects = parts.map((part) => part.toLowerCase()).filter((part) => !STOP_WORDS.has(part))
  return [whole, ...subjects.map((part) => stemmer(foldAccents(part)))]
}

function addForeignStem(word: string, language: Language): readonly string[] {
  const terms = stemWord(word)
  const stem = foldAccents(stemForeign(word.toLowerCase(), language))
  return terms.length !== 1 || terms.includes(stem) ? terms : [...terms, stem]
}

/** Letters that Unicode does not take apart into a plain one and a mark. */
const PLAIN: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i' }

/** "Déjà" and "deja" are one word. In other scripts, marks are vowels. */
function foldAccents(word: string): string {
  if (!/[^\x00-\x7f]/.test(word) || !/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(word))
    return word
  return word
    .replaceAll(/[ßøłđæœı]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
}

/** Pairs tell texts apart where single characters do not. Hiragana alone is grammar, unless it is long. */
function pairCharacters(word: string): string[] {
  const characters = [...word]
  if (/^\p{Script=Hiragana}{1,2}$/u.test(word) || QUESTION_WORDS.test(word)) return []
  if (characters.length < 3 || !/^[\p{Script=Han}\p{Script=Katakana}ー]+$/u.test(word)) return [word]
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}

const QUESTION_WORDS =
  /^(?:ます|ました|ません|ですか|ください|何|誰|どこ|いつ|いくら|どの|どう|怎么|怎么办|什么|多少|哪里|哪|谁|几|吗|呢|的|了|是|在|有|和|อะไร|ที่ไหน|เท่าไร|ใคร|คือ|ไหม|กี่)$/u

/** Korean adds particles and endings to a word: 요일에, 월요일은. */
const PARTICLE =
  /(?<=\p{Script=Hangul}{2})(?:입니까|입니다|습니까|습니다|합니까|합니다|에서는|에서|에게|부터|까지|으로|마다|이나|은|는|이|가|을|를|에|의|로|와|과|도|만)$/u

function stripParticle(word: string): string {
  return /\p{Script=Hangul}/u.test(word) ? word.normalize('NFC').replace(PARTICLE, '') : word
}

/**
 * The terms of a text, in order, with repeats. Ranking, vectors and the heuristic provider compare these. `language` is
 * that of the whole text (`detectLanguage`), of which this may be a part.
 */
export function extractTerms(text: string, language?: Language): string[] {
  return splitWords(text).flatMap((word) => stemWord(word, language))
}
