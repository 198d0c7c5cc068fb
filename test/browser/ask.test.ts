import { expect, it } from 'vitest'
import { ask, describeInBrowser, ended } from './browser.ts'
import {
  DOUBTFUL,
  delta,
  doubtfulPlay,
  event,
  LEAVE,
  leavePlay,
  QUOTE,
  REFUSAL,
  refusalPlay,
  sources,
  UNANSWERABLE,
  words,
} from './plays.ts'

describeInBrowser('asking', (visit) => {
  it('shows an answer while it grows, then what it took', async () => {
    const page = await visit.open()
    visit.stub.plays.set(LEAVE, leavePlay(LEAVE, 25))
    await ask(page, LEAVE)
    const lengths: number[] = []
    while ((await page.getAttribute('.turn', 'data-status')) !== 'done') {
      lengths.push((await page.textContent('.text'))?.length ?? 0)
      await page.waitForTimeout(20)
    }
    expect(new Set(lengths).size).toBeGreaterThan(5)
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b))
    expect(await page.textContent('.figures')).toContain('~1,284 tokens in, ~58 out · $0')
    expect(await page.textContent('.actions')).toContain('not a language model')
    expect(await page.getAttribute('.answer', 'aria-busy')).toBe('false')
  })

  it('says the answer once to a screen reader, paragraph by paragraph', async () => {
    const page = await visit.open()
    visit.stub.plays.set(DOUBTFUL, doubtfulPlay)
    await ask(page, DOUBTFUL)
    await ended(page)
    const said = await page.locator('#log p').allTextContents()
    expect(said.filter((text) => text.startsWith('Parents get twenty weeks'))).toHaveLength(1)
    expect(said.at(-1)).toBe('End of the answer, which rests on 2 sources.')
    expect(await page.locator('[aria-live]:has(.text)').count()).toBe(0)
  })

  it('opens the source of a mark and highlights the passage that is quoted', async () => {
    const page = await visit.open()
    visit.stub.plays.set(LEAVE, leavePlay(LEAVE, 0))
    await ask(page, LEAVE)
    await ended(page)
    expect(await page.locator('details[open]').count()).toBe(0)
    await page.click('.cite >> nth=0')
    expect(await page.textContent('details[open] mark.is-active')).toBe(QUOTE)
    expect(await page.locator('mark.is-active').count()).toBe(1)
    await expect.poll(() => page.locator('mark.is-active').isVisible()).toBe(true)
    await page.click('details[open] .back')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('[1]')
  })

  it('marks what no source says, with the reason', async () => {
    const page = await visit.open()
    visit.stub.plays.set(DOUBTFUL, doubtfulPlay)
    await ask(page, DOUBTFUL)
    await ended(page)
    expect((await page.locator('.doubt').allTextContents()).join('')).toBe(
      'They are paid by the Ministry of Families in 12 instalmentsCongratulations, by the way.',
    )
    expect(await page.locator('.doubt-label').allTextContents()).toEqual(['not in the source', 'no source'])
    const reasons = await page.textContent('.notice.is-warning')
    expect(reasons).toContain(
      'Source 1 does not say this: “Ministry”, “Families”, “12”, “instalments” not found there.',
    )
    expect(reasons).toContain('No source is cited for this.')
    expect(reasons).toContain('It cites [7], and there is no such source.')
    expect(await page.textContent('.figures')).toContain('price unknown')
  })

  it('shows a refusal as one, with the nearest sections', async () => {
    const page = await visit.open()
    visit.stub.plays.set(UNANSWERABLE, refusalPlay)
    await ask(page, UNANSWERABLE)
    expect(await ended(page)).toBe('refused')
    expect(await page.textContent('.text')).toBe(REFUSAL)
    expect(await page.locator('.sources-heading').allTextContents()).toEqual([
      'Nearest sections',
      'Further away',
    ])
    expect(await page.locator('.source.is-used').count()).toBe(0)
    expect(await page.textContent('.figures')).toContain('no model was asked')
  })

  it('sends the conversation along with a follow-up, and forgets it in a new one', async () => {
    const page = await visit.open()
    visit.stub.plays
      .set(LEAVE, leavePlay(LEAVE, 0))
      .set('And who approves it?', leavePlay('Who approves parental leave?', 0))
    await ask(page, LEAVE)
    await ended(page)
    await ask(page, 'And who approves it?')
    await page.waitForSelector('.turn:nth-child(2)[data-status=done]')
    expect(visit.stub.asked[1]?.history).toEqual([
      { question: LEAVE, answer: expect.stringContaining(QUOTE) },
    ])
    expect(await page.textContent('.turn:last-child .understood')).toBe(
      'Understood as: Who approves parental leave?',
    )
    await page.click('#new')
    await ask(page, LEAVE)
    await ended(page)
    expect(visit.stub.asked[2]?.history).toEqual([])
    expect(await page.locator('.turn').count()).toBe(1)
  })

  it('stops: the server sees the connection close, and what was written stays, marked as incomplete', async () => {
    const page = await visit.open()
    visit.stub.plays.set('slow', [sources('slow'), delta('It begins like this '), 60_000])
    await ask(page, 'slow')
    await page.waitForSelector('.text p')
    await page.click('#stop')
    expect(await ended(page)).toBe('stopped')
    expect(await page.textContent('.answer')).toContain('It begins like this')
    expect(await page.textContent('.notice')).toContain('incomplete')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('question')
    await expect.poll(() => visit.stub.aborted).toEqual(['slow'])
  })

  it('answers a question of the examples, which are those of examples.json', async () => {
    const page = await visit.open()
    const [first = ''] = await page.locator('#examples button').allTextContents()
    visit.stub.plays.set(first, leavePlay(first, 0))
    await page.click('#examples button >> nth=0')
    expect(await ended(page)).toBe('done')
    expect(await page.isVisible('#welcome')).toBe(false)
  })

  it('copies the answer with the sources that it names', async () => {
    const page = await visit.open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    visit.stub.plays.set(LEAVE, leavePlay(LEAVE, 0))
    await ask(page, LEAVE)
    await ended(page)
    await page.click('text=Copy answer')
    await page.waitForSelector('text=Copied')
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toContain(`${QUOTE} [1]`)
    expect(copied.split('\n').at(-1)).toBe('[1] handbook/leave.md: Leave > Parents')
  })

  it('stays usable under an answer of a hundred thousand pieces', async () => {
    const page = await visit.open()
    const pieces = Array.from({ length: 100 }, (_, part) => ({
      raw: Array.from(
        { length: 1_000 },
        (_, at) => `event: delta\ndata: {"text":"word${part}${at % 40 === 0 ? '\\n\\n' : ' '}"}\n\n`,
      ).join(''),
    }))
    visit.stub.plays.set('flood', [sources('flood'), ...pieces, event('done', { text: 'The end.' })])
    await page.evaluate(() => {
      const seen = { longest: 0, last: performance.now() }
      Object.assign(globalThis, { seen })
      setInterval(() => {
        seen.longest = Math.max(seen.longest, performance.now() - seen.last)
        seen.last = performance.now()
      }, 10)
    })
    await ask(page, 'flood')
    await page.waitForSelector('.text p')
    await page.fill('#question', 'typed meanwhile')
    expect(await ended(page)).toBe('done')
    expect(await page.textContent('.text')).toBe('The end.')
    expect(
      await page.evaluate(() => (globalThis as unknown as { seen: { longest: number } }).seen.longest),
    ).toBeLessThan(1_500)
  })

  it('takes one question at a time and keeps what is typed meanwhile', async () => {
    const page = await visit.open()
    visit.stub.plays.set('slow', [
      sources('slow'),
      ...words('a b c d e f g h', 60),
      event('done', { text: 'a' }),
    ])
    await ask(page, 'slow')
    await ask(page, 'too early')
    expect(await page.inputValue('#question')).toBe('too early')
    await ended(page)
    expect(visit.stub.asked).toHaveLength(1)
  })
})
