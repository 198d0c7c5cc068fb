import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { ask, describeInBrowser, ended, overflow } from './browser.ts'
import { PAYLOADS } from './payloads.ts'
import { citation, delta, done, event, sources } from './plays.ts'
import type { Play } from './stub.ts'

/** An answer that has the payload wherever a server, a model or a document can put a text. */
function everywhere(payload: string): Play {
  const hostile = {
    number: 1,
    id: payload,
    document: payload,
    title: payload,
    headings: [payload, payload],
    text: `${payload}\n${payload}`,
    score: 1,
  }
  const text = `${payload} [1]\n\n${payload} [9]\n\n${payload}`
  const citations = [
    citation(0, payload, [1], 'quoted', { passages: [{ source: 1, start: 0, end: payload.length }] }),
    citation(1, payload, [9], 'unsupported', { missing: [payload] }),
    citation(2, payload, [], 'uncited'),
  ]
  return [
    sources(payload, [hostile, { ...hostile, number: 2 }]),
    delta(payload),
    event('citation', citations[0]),
    delta(text.slice(payload.length)),
    event(
      'done',
      done(payload, text, { citations, used: [1], unknown: [9], provider: payload, model: payload }),
    ),
  ]
}

/** What a payload would call. */
function setTrap() {
  Object.assign(globalThis, { pwned: () => Object.assign(globalThis, { ran: true }) })
}

/** Whatever waits for a reader's hand gets it. */
async function touchEverything(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const summary of document.querySelectorAll('summary')) summary.click()
    for (const element of document.querySelectorAll('#conversation *'))
      for (const type of ['mouseover', 'focus', 'toggle']) element.dispatchEvent(new Event(type))
    for (const cite of document.querySelectorAll<HTMLElement>('button.cite')) cite.click()
  })
  await page.mouse.move(300 + Math.random() * 50, 300)
}

/** What the conversation is built of that the page does not build itself, and whether anything ran. */
function built() {
  const tags =
    'a article button code details div em footer h2 h3 li mark ol p pre q section span strong summary ul'
  const attributes =
    'aria-busy aria-label aria-labelledby aria-live class data-claims data-status href id open start tabindex title type'
  const isOurs: Record<string, RegExp> = {
    href: /^#t\d+-sources$/,
    id: /^t\d+(-(q|sources|s\d+))?$/,
    class: /^[a-z -]*$/,
    'data-claims': /^[\d ]+$/,
    'aria-labelledby': /^t\d+-q$/,
  }
  const strangers = [...document.querySelectorAll('#conversation *')].flatMap((element) => [
    ...(tags.split(' ').includes(element.localName) ? [] : [element.localName]),
    ...[...element.attributes]
      .filter(
        ({ name, value }) => !attributes.split(' ').includes(name) || isOurs[name]?.test(value) === false,
      )
      .map(({ name, value }) => `${element.localName} ${name}=${value}`),
  ])
  return { strangers, hasRun: 'ran' in globalThis, scripts: document.scripts.length, title: document.title }
}

describeInBrowser('untrusted text', (visit) => {
  it('is at least 24 payloads', () => expect(PAYLOADS.length).toBeGreaterThanOrEqual(24))

  it('is shown wherever an answer has text, and is nothing but text', async () => {
    const page = await visit.open()
    await page.evaluate(setTrap)
    const before = await page.evaluate(built)
    for (const payload of PAYLOADS) {
      const question = payload.trim()
      visit.stub.plays.set(question, everywhere(payload))
      await ask(page, question)
      expect(await ended(page), payload).toBe('done')
      await touchEverything(page)
      const { scripts, title, hasRun, strangers } = await page.evaluate(built)
      expect({ payload, scripts, title, hasRun, strangers }).toEqual({ ...before, payload, strangers: [] })
      expect(await page.textContent('.source-document')).toBe(payload)
      expect(await page.textContent('.source-text')).toBe(`${payload}\n${payload}`)
      expect(await page.textContent('details.is-used mark')).toBe(payload)
      expect(visit.faults, payload).toEqual([])
      await page.click('#new')
    }
  })

  it('is shown as an error, and is nothing but text', async () => {
    const page = await visit.open()
    await page.evaluate(setTrap)
    for (const payload of PAYLOADS) {
      visit.stub.plays.set('q', [
        event('error', { code: payload, message: payload, hint: payload, id: payload }),
      ])
      await ask(page, 'q')
      expect(await ended(page)).toBe('failed')
      const { hasRun, strangers } = await page.evaluate(built)
      expect({ payload, hasRun, strangers }).toEqual({ payload, hasRun: false, strangers: [] })
      expect(await page.textContent('.notice-title')).toBe(payload)
      expect(visit.faults, payload).toEqual([])
      await page.click('#new')
    }
  })

  it('does not push the page wider, however long its words are', async () => {
    const page = await visit.open({ width: 360, height: 700 })
    const long = `${'W'.repeat(3_000)}${'҉'.repeat(200)}`
    visit.stub.plays.set('q', everywhere(`\`${long}\` ${long}\n\n\`\`\`\n${long}`))
    await ask(page, 'q')
    await ended(page)
    for (const summary of await page.locator('summary').all()) await summary.press('Enter')
    expect(await overflow(page)).toBeLessThanOrEqual(0)
  })
})
