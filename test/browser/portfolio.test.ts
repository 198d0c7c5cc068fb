import { expect, it, onTestFinished } from 'vitest'
import type { Claim } from '../../src/core/portfolio/claims.ts'
import { renderPage } from '../../src/core/portfolio/page.ts'
import type { Portfolio } from '../../src/core/portfolio/portfolio.ts'
import { STYLE } from '../../src/core/portfolio/style.ts'
import { digest } from '../../src/io/portfolio/folder.ts'
import { serve } from '../solved/stand-ins.ts'
import { describeInBrowser, overflow } from './browser.ts'
import { contrasts } from './contrast.ts'
import { PAYLOADS } from './payloads.ts'

function claim(own: Partial<Claim>): Claim {
  const links = [
    {
      kind: 'commit' as const,
      label: 'commit 1234567',
      url: 'https://github.com/a/b/commit/1234567',
      health: null,
    },
  ]
  const none = { file: null, optional: false, at: '2026-03-01T00:00:00.000Z', change: null, links }
  return {
    step: 's',
    gate: 'g',
    kind: 'eval',
    label: 'Evals',
    says: '18/20 cases pass',
    standing: 'proven',
    ...none,
    ...own,
  }
}

const change = {
  ...{ name: 'chunks', suite: 'retrieval', paired: 20, before: 14, after: 18, p: 0.22 },
  ...{ fixed: ['a'], regressed: ['b'], models: { before: 'm', after: 'm' } },
}

/** Every standing, a chart, a name that is long without a space, and whatever `text` is. */
function portfolio(text: string): Portfolio {
  const standings = ['stand-in', 'stale', 'self-reported', 'waived', 'not-yet'] as const
  const claims = [
    claim({ change, label: text }),
    ...standings.map((standing) => claim({ standing, says: `${text} ${'long'.repeat(30)}` })),
  ]
  return {
    schema: 'portfolio.v1',
    asOf: '2026-03-01',
    title: text,
    intro: `${text}\n\n[a link](https://example.com)`,
    shipped: [claim({ kind: 'http', label: text })],
    post: [claim({ kind: 'prose', label: text, file: 'post.md' })],
    evals: [{ step: 's', title: text, claims, ciRun: null }],
    pullRequest: [claim({ kind: 'pull-request', says: text })],
    projects: [
      {
        ...{ step: 's', title: text, what: text, milestone: text, met: 1, required: 2, waived: 1, claims },
        ...{ repository: null, runsAt: null },
        mine: {
          adopted: false,
          files: 3,
          added: 40,
          removed: 2,
          uncounted: 0,
          kitFiles: 1,
          templateFiles: 60,
        },
      },
    ],
    skipped: { count: 1, shown: true },
  }
}

async function served(text: string): Promise<string> {
  const page = renderPage(portfolio(text), { style: STYLE, styleHash: digest.base64(STYLE) })
  const { url, close } = await serve((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.statusCode = request.url === '/' ? 200 : 204
    response.end(request.url === '/' ? page : undefined)
  })
  onTestFinished(close)
  return url
}

describeInBrowser('the portfolio page', (visit) => {
  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const)(
    'at %i px, %s: has its style, no text is too pale, and nothing scrolls sideways',
    async (width, colorScheme) => {
      const page = await visit.open({
        width,
        colorScheme,
        origin: await served('Wim Achterberg'),
        ready: 'footer',
      })
      expect(await overflow(page)).toBeLessThanOrEqual(0)
      const texts = await page.evaluate(contrasts)
      expect(texts.length).toBeGreaterThan(20)
      expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([])
      expect(await page.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('800px')
    },
  )

  it('shows whatever evidence holds as text', { timeout: 180_000 }, async () => {
    for (const text of PAYLOADS) {
      const page = await visit.open({ origin: await served(text), ready: 'footer' })
      // A parser of HTML passes over NUL.
      expect(await page.textContent('h1')).toBe(text.replaceAll('\0', ''))
      expect(await page.locator('script, img, iframe, object, form').count()).toBe(0)
      await page.context().close()
    }
  })

  it('is walked through with the keyboard, and prints what is there', async () => {
    const page = await visit.open({ origin: await served('Wim'), ready: 'footer' })
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content')
    const seen: string[] = []
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab')
      seen.push(await page.evaluate(() => document.activeElement?.textContent ?? ''))
    }
    expect(seen).toEqual(
      expect.arrayContaining(['a link', 'Work', 'Measured', 'Written', 'Open source', 'Checks']),
    )
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav').isVisible()).toBe(false)
    expect(await page.locator('li.not-yet').count()).toBe(0)
    expect(await page.locator('li.proven').first().isVisible()).toBe(true)
  })
})
