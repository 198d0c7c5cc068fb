/** The names that OpenAI's format has for the end of an answer. */
export type Finish = 'stop' | 'length' | 'content_filter' | 'tool_calls'

/**
 * What a server's own name for the end of an answer means, by the words in it: the first row that fits
 * counts. Gateways pass on the names of the API behind them, such as `MAX_TOKENS` or `end_turn`.
 */
const MEANINGS: readonly (readonly [words: RegExp, finish: Finish | 'failed'])[] = [
  [/tool|function_?call$/, 'tool_calls'],
  [/length|max|limit|truncat|incomplete|exceed|budget/, 'length'],
  [/filter|safety|block|prohibit|guard|refus|sensitive|recitation|moderat|spii|toxic/, 'content_filter'],
  [
    /err|fail|abort|cancel|interrupt|malform|time_?out|reset|resource|overload|disconnect|unexpected/,
    'failed',
  ],
]

/**
 * Reads a server's name for the end of an answer. undefined: it names none, as `null` and `""` do, which some
 * servers send until the end. `failed`: the server gave up. Any other unknown name means that the answer is
 * whole.
 */
export function readFinish(raw: unknown): Finish | 'failed' | undefined {
  if (typeof raw !== 'string' || raw.trim() === '') return undefined
  // `stopSequence`, `STOP_SEQUENCE` and `stop sequence` are one name.
  const name = raw
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toLowerCase()
  if (/^malformed|^unexpected/.test(name)) return 'failed'
  return MEANINGS.find(([words]) => words.test(name))?.[1] ?? 'stop'
}
