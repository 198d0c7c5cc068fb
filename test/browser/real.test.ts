/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startScriptedServer } from '../../templates/_shared/console/files/kit/testing/scripted-server.ts'
import { buildBot, DOCS_SAMPLE, type Served, serveBot } from './bot.ts'
import { ask, describeInBrowser, ended } from './browser.ts'
import { PAYLOADS } from './payloads.ts'

/** The other files of this folder play a server; this one checks that the real one and its page fit. */
describeInBrowser('the page on its own server', (visit) => {
  let bot: Served
  beforeAll(async () => {
    buildBot()
    bot = await serveBot(DOCS_SAMPLE)
  }, 120_000)
  afterAll(() => bot.stop())

  it('answers from the sample, and opens the passage that it quotes', async () => {
    const page = await visit.open({ origin: bot.url })
    await ask(page, 'How long is parental leave?')
    expect(await ended(page)).toBe('done')
    const text = (await page.textContent('.text')) ?? ''
    expect(text).toContain('Twenty weeks at full pay')
    await page.click('.cite >> nth=0')
    const passage = (await page.textContent('details[open] mark.is-active'))?.replaceAll(/\s+/g, ' ')
    expect(text.replaceAll(/\s+/g, ' ')).toContain(passage)
  })

  it('refuses what the sample does not say, and understands a follow-up', async () => {
    const page = await visit.open({ origin: bot.url, width: 360, colorScheme: 'dark' })
    await ask(page, 'Which colour has the carpet in Lisbon?')
    expect(await ended(page)).toBe('refused')
    await ask(page, 'How many days does a failed webhook stay in the dead letter queue?')
    expect(await ended(page)).toBe('done')
    await ask(page, 'And who is told about it?')
    expect(['done', 'refused']).toContain(await ended(page))
    expect(await page.locator('.turn').count()).toBe(3)
  })

  it('works with the keyboard alone', async () => {
    const page = await visit.open({ origin: bot.url })
    await page.keyboard.type('How long is parental leave?')
    await page.keyboard.press('Enter')
    expect(await ended(page)).toBe('done')
    for (let press = 0; press < 40 && (await page.locator('.cite:focus').count()) === 0; press++)
      await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator('details[open] mark.is-active').count()).toBe(1)
  })
})

describeInBrowser('hostile documents and a model that repeats them', (visit) => {
  it('run nothing and load nothing', async () => {
    const docs = mkdtempSync(join(tmpdir(), 'hostile-'))
    for (const [index, payload] of PAYLOADS.entries()) {
      const line = payload.replaceAll(/\s+/g, ' ')
      writeFileSync(
        join(docs, `${index} '"><b onclick=x>.md`),
        `# ${line} rollback\n\n## ${line}\n\nA rollback: ${line}\n`,
      )
    }
    const model = await startScriptedServer({ answer: () => PAYLOADS.map((payload) => `${payload} [1]\n\n`) })
    const bot = await serveBot(docs, { AI_PROVIDER: 'openai-compatible', ...model.env })
    try {
      const page = await visit.open({ origin: bot.url })
      await page.evaluate(() =>
        Object.assign(globalThis, { pwned: () => Object.assign(globalThis, { ran: true }) }),
      )
      await ask(page, 'What is a rollback?')
      expect(await ended(page)).toBe('done')
      await page.evaluate(() => {
        for (const source of document.querySelectorAll('details')) source.open = true
      })
      await page.waitForTimeout(200)
      expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
      expect(
        await page
          .locator('.turn :is(script, img, svg, iframe, object, embed, style, link, form, base, meta)')
          .count(),
      ).toBe(0)
    } finally {
      await bot.stop()
      await model.close()
    }
  })
})
