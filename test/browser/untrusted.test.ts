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

const TAGS =
  'a article button code details div em footer h2 h3 li mark ol p pre q section span strong summary ul'.split(
    ' ',
  )
const ATTRIBUTES =
  'aria-busy aria-label aria-labelledby aria-live class data-claims data-status href id open start tabindex title type'.split(
    ' ',
  )

/** What the page is built of, and whether anything ran. */
function built() {
  const elements = [...document.querySelectorAll('#conversation *')]
  return {
    tags: [...new Set(elements.map(({ localName }) => localName))],
    attributes: [...new Set(elements.flatMap((element) => element.getAttributeNames()))],
    links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')),
    ids: elements.map(({ id }) => id).filter(Boolean),
    hasRun: 'ran' in globalThis,
    scripts: document.scripts.length,
    title: document.title,
  }
}

describeInBrowser('untrusted text', (visit) => {
  it('is at least 24 payloads', () => expect(PAYLOADS.length).toBeGreaterThanOrEqual(24))

  it.each(PAYLOADS)('is shown and nothing else: %s', async (payload) => {
    const page = await visit.open()
    await page.addScriptTag({ url: '/js/theme.js' }) // one more script, so that counting them is seen to work
    const before = await page.evaluate(built)
    await page.evaluate(() =>
      Object.assign(globalThis, { pwned: () => Object.assign(globalThis, { ran: true }) }),
    )
    const question = payload.trim()
    visit.stub.plays.set(question, everywhere(payload))
    await ask(page, question)
    expect(await ended(page)).toBe('done')
    for (const summary of await page.locator('summary').all()) await summary.click()
    for (const cite of await page.locator('button.cite').all()) await cite.click()
    await page.mouse.move(400, 300)
    await page.waitForTimeout(50)

    const after = await page.evaluate(built)
    expect(after.hasRun).toBe(false)
    expect({ scripts: after.scripts, title: after.title }).toEqual({
      scripts: before.scripts,
      title: before.title,
    })
    expect(after.tags.filter((tag) => !TAGS.includes(tag))).toEqual([])
    expect(after.attributes.filter((name) => !ATTRIBUTES.includes(name))).toEqual([])
    expect(after.links.filter((href) => !/^#(?:question|t\d+-sources)$/.test(href ?? ''))).toEqual([])
    expect(after.ids.filter((id) => !/^t\d+(?:-(?:q|sources|s\d+))?$/.test(id))).toEqual([])
    expect(await page.textContent('.source-document')).toBe(payload)
    expect(await page.textContent('.source-text')).toBe(`${payload}\n${payload}`)
    expect(await page.textContent('details.is-used mark')).toBe(payload)
  })

  it.each(PAYLOADS)('is shown as an error, and nothing else: %s', async (payload) => {
    const page = await visit.open()
    await page.evaluate(() =>
      Object.assign(globalThis, { pwned: () => Object.assign(globalThis, { ran: true }) }),
    )
    visit.stub.plays.set('q', [
      event('error', { code: payload, message: payload, hint: payload, id: payload }),
    ])
    await ask(page, 'q')
    expect(await ended(page)).toBe('failed')
    const { hasRun, tags } = await page.evaluate(built)
    expect({ hasRun, tags: tags.filter((tag) => !TAGS.includes(tag)) }).toEqual({ hasRun: false, tags: [] })
    expect(await page.textContent('.notice-title')).toBe(payload)
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
