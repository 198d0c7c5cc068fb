import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { ask, describeInBrowser, ended, overflow } from './browser.ts'
import { contrasts } from './contrast.ts'
import { DOUBTFUL, doubtfulPlay, LEAVE, leavePlay, refusalPlay, UNANSWERABLE } from './plays.ts'

/** An answer with everything in it, its source open, a refusal and an error below. */
async function fill(page: Page): Promise<void> {
  for (const question of [DOUBTFUL, UNANSWERABLE, 'broken']) {
    await ask(page, question)
    await page.waitForFunction(
      (text) => document.querySelector('.turn:last-child h2')?.textContent === text,
      question,
    )
    await ended(page)
  }
  await page.click('.cite >> nth=0')
}

describeInBrowser('the look', (visit) => {
  const script = () =>
    visit.stub.plays
      .set(LEAVE, leavePlay(LEAVE, 0))
      .set(DOUBTFUL, doubtfulPlay)
      .set(UNANSWERABLE, refusalPlay)
      .set('broken', {
        status: 503,
        headers: { 'retry-after': '60' },
        body: { error: { code: 'busy', message: 'Too busy', hint: 'Later.', id: 'x' } },
      })

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const)(
    'at %i px, %s: no text is too pale, and nothing scrolls sideways',
    async (width, colorScheme) => {
      const page = await visit.open({ width, colorScheme })
      script()
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      const empty = await page.evaluate(contrasts)
      await fill(page)
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      const texts = [...empty, ...(await page.evaluate(contrasts))]
      expect(texts.length).toBeGreaterThan(40)
      expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([])
    },
  )

  it('has the sources beside the answer on a wide window, below it with a way there on a narrow one', async () => {
    script()
    const place = async (width: number) => {
      const page = await visit.open({ width })
      script()
      await ask(page, LEAVE)
      await ended(page)
      const answer = await page.locator('.answer').boundingBox()
      const sources = await page.locator('.sources').boundingBox()
      return { page, answer, sources, hasLink: await page.isVisible('.to-sources') }
    }
    const wide = await place(1280)
    expect(wide.sources?.x).toBeGreaterThan((wide.answer?.x ?? 0) + (wide.answer?.width ?? 0))
    expect(wide.hasLink).toBe(false)
    await wide.page.setViewportSize({ width: 360, height: 740 })
    const [answer, sources] = [
      await wide.page.locator('.answer').boundingBox(),
      await wide.page.locator('.sources').boundingBox(),
    ]
    expect(sources?.y).toBeGreaterThanOrEqual((answer?.y ?? 0) + (answer?.height ?? 0))
    await wide.page.click('.to-sources')
    await expect.poll(() => wide.page.locator('.source-place >> nth=0').isVisible()).toBe(true)
  })

  it('is the system’s theme until another is chosen, which is remembered', async () => {
    const page = await visit.open({ colorScheme: 'dark' })
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await paper()).toBe('rgb(22, 24, 27)')
    await page.click('#theme')
    expect(await paper()).toBe('rgb(251, 250, 247)')
    await page.reload()
    expect(await paper()).toBe('rgb(251, 250, 247)')
    expect(await page.getAttribute('#theme', 'aria-label')).toBe('Switch to the dark theme')
  })

  it('does not move for those who want no motion, and keeps its marks in forced colours', async () => {
    const page = await visit.open()
    script()
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' })
    await ask(page, LEAVE)
    await ended(page)
    await page.click('.cite >> nth=0')
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
    expect(
      await page.evaluate(
        () => getComputedStyle(document.querySelector('mark.is-active') ?? document.body).outlineStyle,
      ),
    ).toBe('solid')
  })

  it('prints the question, the answer and the sources, and no controls', async () => {
    const page = await visit.open()
    script()
    await ask(page, LEAVE)
    await ended(page)
    await page.emulateMedia({ media: 'print' })
    expect(await page.isVisible('.composer')).toBe(false)
    expect(await page.isVisible('.source-excerpt')).toBe(true)
  })
})

/** What has the focus, told by what a person would call it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.id ?? ''
  })

describeInBrowser('the keyboard alone', (visit) => {
  it('gets from loading the page to the passage in an opened source', async () => {
    const page = await visit.open()
    visit.stub.plays.set(LEAVE, leavePlay(LEAVE, 0))
    expect(await focused(page)).toBe('question')
    await page.keyboard.type(LEAVE)
    await page.keyboard.press('Enter')
    await ended(page)
    for (let presses = 0; (await focused(page)) !== 'Source 1: Leave › Parents'; presses += 1) {
      expect(presses).toBeLessThan(15)
      await page.keyboard.press('Shift+Tab')
    }
    await page.keyboard.press('Enter')
    expect(await page.textContent('mark.is-active')).not.toBe('')
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('summary')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('Source 1: Leave › Parents')
  })

  it('meets everything in the order in which it is read, and sees where it is', async () => {
    const page = await visit.open()
    visit.stub.plays.set(LEAVE, leavePlay(LEAVE, 0))
    await ask(page, LEAVE)
    await ended(page)
    const stops: string[] = []
    for (let presses = 0; presses < 13; presses += 1) {
      await page.keyboard.press('Tab')
      stops.push(
        await page.evaluate(() => {
          const element = document.activeElement
          if (!element || element === document.body) return 'AROUND' // the window's own controls
          const { outlineStyle, outlineWidth } = getComputedStyle(element)
          const isSeen =
            element.classList.contains('skip') ||
            (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1)
          return `${isSeen ? '' : 'UNSEEN '}${element.id || element.localName}`
        }),
      )
    }
    expect(stops.join(' ')).toBe(
      'ask AROUND a new theme button button button summary summary summary summary question',
    )
  })

  it('writes several lines with Shift+Enter and sends them with Ctrl+Enter', async () => {
    const page = await visit.open()
    visit.stub.plays.set('one\ntwo', leavePlay('one\ntwo', 0))
    await page.keyboard.type('one')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('two')
    expect(await page.getAttribute('#question', 'rows')).toBe('2')
    await page.keyboard.press('Control+Enter')
    await ended(page)
    expect(visit.stub.asked[0]?.question).toBe('one\ntwo')
  })

  it('skips to the question field', async () => {
    const page = await visit.open()
    await page.focus('.skip') // the first stop, as the test above sees
    expect(await page.isVisible('.skip')).toBe(true)
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('question')
  })
})
