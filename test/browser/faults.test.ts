import { expect, it } from 'vitest'
import { ask, describeInBrowser, ended } from './browser.ts'
import { event, LEAVE, leavePlay, sources, words } from './plays.ts'

describeInBrowser('when something goes wrong, the page', (visit) => {
  it('says that an answer was cut, keeps what there is, and retries', async () => {
    const page = await visit.open()
    visit.stub.plays.set(LEAVE, [sources(LEAVE), ...words('Twenty weeks at full ', 40), 'cut'])
    await ask(page, LEAVE)
    expect(await ended(page)).toBe('failed')
    expect(await page.textContent('.text')).toContain('Twenty weeks at')
    expect(await page.textContent('.notice.is-error')).toContain('The connection ended before the answer did')
    expect(await page.textContent('.notice.is-error')).toContain('incomplete')
    visit.stub.plays.set(LEAVE, leavePlay(LEAVE, 0))
    await page.click('text=Retry')
    await page.waitForSelector('.turn[data-status=done]')
    expect(await page.locator('.turn').count()).toBe(1)
    expect(visit.stub.asked[1]?.history).toEqual([])
  })

  it('takes a stream that ends politely, without done, for cut', async () => {
    const page = await visit.open()
    visit.stub.plays.set('q', [sources('q'), ...words('Half an', 1)])
    await ask(page, 'q')
    expect(await ended(page)).toBe('failed')
    expect(await page.textContent('.notice')).toContain('The connection ended before the answer did')
  })

  it('repeats what an error event says, with its hint and its id', async () => {
    const page = await visit.open()
    const error = {
      code: 'model_failed',
      message: 'The model answered nothing',
      hint: 'Look at AI_MODEL.',
      id: 'req-42',
    }
    visit.stub.plays.set('q', [sources('q'), event('error', error)])
    await ask(page, 'q')
    await ended(page)
    const notice = (await page.textContent('.notice')) ?? ''
    for (const part of ['The model answered nothing', 'Look at AI_MODEL.', 'req-42'])
      expect(notice).toContain(part)
  })

  it('counts down when there were too many questions, and asks no sooner', async () => {
    const page = await visit.open()
    const error = {
      code: 'rate_limited',
      message: 'Too many questions',
      hint: 'At most 20 a minute.',
      id: 'r1',
    }
    visit.stub.plays.set('q', { status: 429, headers: { 'retry-after': '2' }, body: { error } })
    await ask(page, 'q')
    await ended(page)
    expect(await page.textContent('.notice button')).toMatch(/^Retry in [12] s$/)
    await page.click('.notice button', { force: true })
    expect(visit.stub.asked).toHaveLength(1)
    visit.stub.plays.set('q', leavePlay('q', 0))
    await page.waitForSelector('.notice button:text-is("Retry")')
    await page.click('.notice button')
    await page.waitForSelector('.turn[data-status=done]')
  })

  it('says that it is offline, and goes on when it is not', async () => {
    const page = await visit.open()
    await page.context().setOffline(true)
    await page.waitForSelector('#offline:not([hidden])')
    await ask(page, LEAVE)
    expect(await ended(page)).toBe('failed')
    expect(await page.textContent('.notice')).toContain('You are offline')
    await page.context().setOffline(false)
    await page.waitForSelector('#offline', { state: 'hidden' })
    visit.stub.plays.set(LEAVE, leavePlay(LEAVE, 0))
    await page.click('text=Retry')
    await page.waitForSelector('.turn[data-status=done]')
  })

  it.each([
    ['an answer of another kind', { status: 502, body: 'Bad gateway' }],
    ['a stream of nonsense', [{ raw: 'event: delta\ndata: {"te\n\n' }]],
    [
      'events of another shape',
      [event('sources', 7), event('delta', null), event('citation', []), event('error', 'no')],
    ],
  ])('survives %s', async (_name, play) => {
    const page = await visit.open()
    visit.stub.plays.set('q', play)
    await ask(page, 'q')
    expect(await ended(page)).toBe('failed')
    expect(await page.isVisible('.notice button')).toBe(true)
  })
})
