import { afterEach, describe, expect, it } from 'vitest'
import { startScriptedServer } from '#kit/testing/scripted-server'
import { REFUSAL } from '../src/prompts.ts'
import { botOver, collectEvents, getAnswer } from './bot.ts'

const DOCUMENTS = [
  {
    name: 'runbooks/rollback.md',
    text: '# Rollback\n\nRoll back with `deployctl rollback courier`. It takes about 4 minutes.\n\n## Database\n\nA migration is never rolled back by hand; Ines Moreau decides.',
    metadata: { owner: 'platform', audience: 'engineers' },
  },
  {
    name: 'api/webhooks.md',
    text: '# Webhooks\n\nA failed delivery is retried 5 times over 6 hours. After that the endpoint is switched off.',
    metadata: { owner: 'integrations', audience: 'partners' },
  },
  {
    name: 'handbook/leave.md',
    text: '# Leave\n\nEveryone has 28 days of leave a year. Ask your lead two weeks before.',
  },
]

const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** A bot whose model writes what `answer` makes of the prompt. */
async function scripted(answer: (prompt: string) => string, documents = DOCUMENTS) {
  const server = await startScriptedServer({ answer: (prompt) => [answer(prompt)] })
  servers.push(server)
  const bot = await botOver(documents, { ...server.env, AI_PROVIDER: 'openai-compatible' })
  return { bot, server }
}

describe('an answer', () => {
  it('quotes the sentence that holds it, and cites where it stands', async () => {
    const answer = await getAnswer(
      await botOver(DOCUMENTS),
      'How often is a failed webhook delivery retried?',
    )
    expect(answer.text).toContain('A failed delivery is retried 5 times over 6 hours.')
    expect(answer.citations.claims.map(({ support }) => support)).toEqual(
      answer.citations.claims.map(() => 'quoted'),
    )
    expect(answer.sources[(answer.citations.used[0] ?? 0) - 1]?.document).toBe('api/webhooks.md')
  })

  it('comes after its sources, in pieces, and ends', async () => {
    const events = await collectEvents(await botOver(DOCUMENTS), {
      question: 'How long does a rollback take?',
    })
    const types = events.map(({ type }) => type)
    expect([types[0], ...new Set(types.slice(1, -1)), types.at(-1)]).toEqual([
      'sources',
      'delta',
      'citation',
      'done',
    ])
  })

  it('is a refusal, with the nearest sections, when the docs do not say', async () => {
    const answer = await getAnswer(
      await botOver(DOCUMENTS),
      'Which colour has the carpet of the Lisbon office?',
    )
    expect(answer).toMatchObject({ text: REFUSAL, refused: true, citations: { claims: [], used: [] } })
  })

  it('asks no model when there is too little evidence', async () => {
    const { bot, server } = await scripted(() => 'It is blue.')
    expect((await getAnswer(bot, 'Which colour has the carpet of the Lisbon office?')).refused).toBe(true)
    expect(server.counts.requests).toBe(0)
  })

  it('of an empty index is a refusal', async () => {
    expect(await getAnswer(await botOver([]), 'Anything?')).toMatchObject({ refused: true, sources: [] })
  })

  it('keeps to documents whose metadata fits', async () => {
    const bot = await botOver(DOCUMENTS)
    const filter = { metadata: { audience: 'partners' } }
    const { sources } = await getAnswer(bot, {
      question: 'How often is a failed delivery retried in a rollback?',
      filter,
    })
    expect(sources.map(({ document }) => document)).toEqual(['api/webhooks.md'])
  })

  it('shows what a model cites wrongly', async () => {
    const { bot } = await scripted(
      () => 'A failed delivery is retried 9 times [1]. Ask Ines Moreau [7]. It is easy.',
    )
    const { citations } = await getAnswer(bot, 'How often is a failed webhook delivery retried?')
    expect(citations.unknown).toEqual([7])
    expect(citations.claims.map(({ support }) => support)).toEqual(['unsupported', 'unsupported', 'uncited'])
  })

  it('is no refusal when a model refuses in the middle of a sentence', async () => {
    const { bot } = await scripted(() => `It is retried 5 times [1]. ${REFUSAL}`)
    expect((await getAnswer(bot, 'How often is a failed webhook delivery retried?')).refused).toBe(false)
  })

  it('is no refusal when a model goes on after refusing: what it adds is checked', async () => {
    const { bot } = await scripted(() => `${REFUSAL} But the password is hunter2.`)
    const { refused, citations } = await getAnswer(bot, 'How often is a failed webhook delivery retried?')
    expect(refused).toBe(false)
    expect(citations.claims.map(({ support }) => support)).toEqual(['uncited', 'uncited'])
  })

  it('holds nothing that a terminal obeys', async () => {
    const { bot } = await scripted(
      () => 'It is \u001b]8;;http://evil.example\u0007retried\u001b[31m 5 times [1].',
    )
    expect((await getAnswer(bot, 'How often is a failed webhook delivery retried?')).text).toBe(
      'It is retried 5 times [1].',
    )
  })
})

describe('a question without a term to look for', () => {
  const question = 'What is this about?'

  it('gets an overview, from where documents begin', async () => {
    const { text, refused, sources, citations } = await getAnswer(await botOver(DOCUMENTS), question)
    expect(refused).toBe(false)
    expect(
      sources
        .slice(0, 3)
        .map(({ document }) => document)
        .sort(),
    ).toEqual(DOCUMENTS.map(({ name }) => name).sort())
    expect(sources.map(({ headings }) => headings)).toEqual([[], [], [], ['Database']])
    expect(text).toContain('Everyone has 28 days of leave a year.')
    expect(citations.claims.every(({ support }) => support === 'quoted')).toBe(true)
  })

  it('gets more than a page may have otherwise when that is all there is', async () => {
    const sections = Array.from(
      { length: 9 },
      (_, n) => `## Part ${n}\n\nDepot ${n} holds ${n * 40} parcels.`,
    )
    const bot = await botOver([{ name: 'depots.md', text: `# Depots\n\n${sections.join('\n\n')}` }])
    const { sources } = await getAnswer(bot, question)
    expect(sources.map(({ headings }) => headings.join())).toEqual([0, 1, 2, 3, 4, 5].map((n) => `Part ${n}`))
  })

  it('keeps to documents whose metadata fits', async () => {
    const filter = { metadata: { audience: 'partners' } }
    const { sources } = await getAnswer(await botOver(DOCUMENTS), { question, filter })
    expect(sources.map(({ document }) => document)).toEqual(['api/webhooks.md'])
  })

  it('is asked of a model, with the same sources', async () => {
    const { bot, server } = await scripted(() => 'Failed deliveries, rollbacks and leave.')
    expect((await getAnswer(bot, question)).refused).toBe(false)
    expect(server.counts.requests).toBe(1)
  })

  it('takes its terms from the question before it', async () => {
    const history = [{ question: 'How do we roll back the courier?', answer: 'With deployctl [1].' }]
    const { text } = await getAnswer(await botOver(DOCUMENTS), { question: 'And what is it?', history })
    expect(text).toContain('deployctl rollback courier')
  })
})

describe('a follow-up', () => {
  it('is searched for together with the question before it when no model can rewrite it', async () => {
    const bot = await botOver(DOCUMENTS)
    const history = [
      { question: 'How do we roll back the courier?', answer: 'Roll back with deployctl [1].' },
    ]
    const { text } = await getAnswer(bot, { question: 'And how long does it take?', history })
    expect(text).toContain('about 4 minutes')
  })

  it('is rewritten by a model, and then stands alone', async () => {
    const rewritten = 'How long does a rollback of the courier take?'
    const { bot, server } = await scripted((prompt) =>
      prompt.includes('Last question:') ? rewritten : 'It takes about 4 minutes [1].',
    )
    const history = [
      { question: 'How do we roll back the courier?', answer: 'Roll back with deployctl [1].' },
    ]
    const answer = await getAnswer(bot, { question: 'And how long does it take?', history })
    expect(answer.question).toBe(rewritten)
    expect(answer.citations.claims.map(({ support }) => support)).toEqual(['quoted'])
    expect(server.counts.requests).toBe(2)
  })
})
