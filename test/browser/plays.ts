import type { Act, Play } from './stub.ts'

const LEAVE_TEXT =
  'Twenty weeks at full pay for each parent, in Europe and the US alike, to be taken in at most three blocks before the child’s second birthday. Returning parents work 80% of their hours for full pay during the first four weeks.'
export const QUOTE = LEAVE_TEXT.slice(0, LEAVE_TEXT.indexOf(' Returning'))
const REST = LEAVE_TEXT.slice(QUOTE.length + 1)

const SOURCES = [
  source(1, 'handbook/leave.md', 'Leave', ['Parents'], LEAVE_TEXT),
  source(
    2,
    'handbook/leave.md',
    'Leave',
    ['Less common cases'],
    'Moving house: one day, once in a calendar year.\nBereavement: up to ten days, no proof, no questions. Hana handles it personally.\nJury or civil service: paid in full; forward the letter to people@harrowmere.example.\nUnpaid leave of more than 30 days needs Ines Okafor’s agreement and stops the equipment budget for that time.',
  ),
  source(
    3,
    'handbook/onboarding.md',
    'Onboarding',
    ['Week one'],
    'Your buddy answers every question of the first four weeks, and the ones after that as well.',
  ),
  source(
    4,
    'adr/0011-slot-cache.md',
    'Slots are cached for ninety seconds',
    ['Consequences'],
    'A visit that was moved in the last ninety seconds may still be shown at its old time.',
  ),
]

function source(number: number, document: string, title: string, headings: string[], text: string) {
  return { number, id: `${document}#${number}`, document, title, headings, text, score: 4 - number / 2 }
}

export function citation(
  index: number,
  text: string,
  citations: number[],
  support: string,
  more: { missing?: string[]; passages?: { source: number; start: number; end: number }[] } = {},
) {
  return {
    index,
    claim: { text, citations, support, missing: more.missing ?? [] },
    passages: more.passages ?? [],
  }
}

export function done(question: string, text: string, more: Record<string, unknown> = {}) {
  return {
    question,
    text,
    refused: false,
    citations: [],
    unknown: [],
    used: [],
    provider: 'heuristic',
    model: 'heuristic-1',
    usage: { calls: 1, inputTokens: 1284, outputTokens: 58, costUsd: 0, estimated: true },
    timings: { retrievalMs: 12.4, firstTokenMs: 14.2, totalMs: 20.1 },
    ...more,
  }
}

export const event = (name: string, data: unknown): Act => ({ event: name, data })
export const sources = (question: string, list: unknown[] = SOURCES): Act =>
  event('sources', { schema: 'ask-sse.v1', question, sources: list })
export const delta = (text: string): Act => event('delta', { text })

/** Words one by one, as a model writes them. */
export function words(text: string, pause = 15): Act[] {
  return (text.match(/\S+\s*|\s+/g) ?? []).flatMap((word) => [delta(word), pause])
}

const QUOTED = [
  citation(0, QUOTE, [1], 'quoted', { passages: [{ source: 1, start: 0, end: QUOTE.length }] }),
  citation(1, REST, [1], 'quoted', {
    passages: [{ source: 1, start: QUOTE.length + 1, end: LEAVE_TEXT.length }],
  }),
]
export const LEAVE = 'How long is parental leave?'
const LEAVE_ANSWER = `${QUOTE} [1]\n${REST} [1]`

/** The answer of the README, slowly enough to watch. */
export function leavePlay(question = LEAVE, pause = 15): Play {
  return [
    sources(question),
    ...words(`${QUOTE} [1]\n`, pause),
    event('citation', QUOTED[0]),
    { raw: ': keep-alive\n\n' },
    ...words(`${REST} [1]`, pause),
    event('citation', QUOTED[1]),
    event('done', done(question, LEAVE_ANSWER, { citations: QUOTED, used: [1] })),
  ]
}

export const REFUSAL = 'The docs do not answer this.'
export const UNANSWERABLE = 'What is the boiling point of tungsten?'
export const refusalPlay: Play = [
  sources(UNANSWERABLE),
  delta(REFUSAL),
  event(
    'done',
    done(UNANSWERABLE, REFUSAL, {
      refused: true,
      usage: { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, estimated: false },
    }),
  ),
]

/** A model that says more than its sources do. */
export const DOUBTFUL = 'How many weeks, and who pays?'
const DOUBTFUL_ANSWER =
  'Parents get **twenty weeks** at full pay [1]. They are paid by the *Ministry of Families* in 12 instalments [1].\n\n- Ask `people@harrowmere.example` first [2]\n- Leave can be split in three blocks [1, 7]\n\nCongratulations, by the way.'
export const doubtfulPlay: Play = [
  sources(DOUBTFUL),
  ...words(DOUBTFUL_ANSWER, 5),
  event(
    'done',
    done(DOUBTFUL, DOUBTFUL_ANSWER, {
      provider: 'openai',
      model: 'scripted-model',
      unknown: [7],
      used: [1, 2],
      usage: { calls: 1, inputTokens: 1284, outputTokens: 58, costUsd: null, estimated: false },
      timings: { retrievalMs: 31, firstTokenMs: 412, totalMs: 2210 },
      citations: [
        citation(0, 'Parents get **twenty weeks** at full pay.', [1], 'supported', {
          passages: [{ source: 1, start: 0, end: 24 }],
        }),
        citation(1, 'They are paid by the *Ministry of Families* in 12 instalments.', [1], 'unsupported', {
          missing: ['Ministry', 'Families', '12', 'instalments'],
        }),
        citation(2, 'Ask `people@harrowmere.example` first', [2], 'supported', {
          passages: [{ source: 2, start: 48, end: 80 }],
        }),
        citation(3, 'Leave can be split in three blocks', [1, 7], 'supported', {
          passages: [{ source: 1, start: 67, end: 110 }],
        }),
        citation(4, 'Congratulations, by the way.', [], 'uncited'),
      ],
    }),
  ),
]
