/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { describeInBrowser, overflow, type View } from './browser.ts'
import { contrasts } from './contrast.ts'
import { buildEvalSuite, pageOf, reportOf, servePage, type Written } from './eval-report.ts'
import { PAYLOADS } from './payloads.ts'

const CASES: Written[] = [
  { id: 'proof-of-address', tags: ['single'] },
  { id: 'household', tags: ['number'] },
  { id: 'lost-card', outcome: 'fail', tags: ['number'] },
  {
    id: 'a-case-whose-id-was-made-of/the/path/of/a/file/and/is/longer/than/a/phone/is/wide',
    outcome: 'error',
    score: null,
  },
]

describeInBrowser('the page of an eval run', (visit) => {
  beforeAll(buildEvalSuite, 120_000)

  const open = async ({ report, baseline, history } = reportOf(CASES), view: View = {}) => {
    const { origin, close } = await servePage(pageOf(report, baseline, history))
    onTestFinished(close)
    return visit.open({ ...view, origin, ready: '#count:not(:empty)' })
  }

  it('shows every payload of a model, a case, a name or a reason as text, and runs, loads and follows none', async () => {
    const written = PAYLOADS.map((text, index): Written => {
      return { id: `payload-${index}`, outcome: index % 2 ? 'fail' : 'error', text }
    })
    const page = await open(reportOf(written, PAYLOADS.join(' ')))
    const count = (selector: string) => page.locator(selector).count()
    expect(await count('details.case')).toBe(PAYLOADS.length)
    expect(await count('script, style, meta')).toBe(7)
    expect(await count('img, iframe, object, embed, link, base, a, video, math, animate, template')).toBe(0)
    expect(await page.textContent('#case-payload-0 pre')).toBe(PAYLOADS[0])
  })

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('fits %i pixels in the %s and can be read', async (width, colorScheme) => {
    const page = await open(reportOf(CASES), { width, colorScheme })
    await page.click('#open')
    expect(await overflow(page)).toBe(0)
    const [worst] = await page.evaluate(contrasts)
    expect(worst?.ratio, JSON.stringify(worst)).toBeGreaterThanOrEqual(4.5)
  })

  it('opens what is lost or could not be graded, and finds the rest by text, outcome and tag', async () => {
    const page = await open()
    const isOpen = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('details.case')].map((one) => one.hasAttribute('open')),
      )
    expect(await isOpen()).toEqual([false, false, true, true])
    const count = () => page.textContent('#count')
    await page.fill('#find', 'HOUSE')
    expect(await count()).toBe('1 of 4 cases')
    await page.press('#find', 'Escape')
    await page.selectOption('#show', 'lost')
    expect(await count()).toBe('1 of 4 cases')
    await page.selectOption('#show', '')
    await page.selectOption('#tag', 'number')
    expect(await count()).toBe('2 of 4 cases')
    await page.fill('#find', 'nothing has this')
    expect(await page.isVisible('#none')).toBe(true)
  })

  it('is used without a mouse', async () => {
    const page = await open()
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest('details')?.id ?? document.activeElement?.id)
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await focused()).toBe('case-household')
    await page.keyboard.press('Enter')
    expect(await page.getAttribute('#case-household', 'open')).toBe('')
    await page.keyboard.press('k')
    expect(await focused()).toBe('case-proof-of-address')
    await page.keyboard.press('/')
    expect(await focused()).toBe('find')
    await page.keyboard.type('jk/')
    expect(await page.inputValue('#find')).toBe('jk/')
  })
})
