/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Stub, startStub } from './stub.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** Without these, Chromium asks its maker's servers for updates at every start. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

interface View {
  width?: number
  height?: number
  colorScheme?: 'light' | 'dark'
  /** The server, when it is not the stub. */
  origin?: string
  /** What is there once the page is ready. */
  ready?: string
}

/** A page of its own for every test, and what it did that it must never do. */
export interface Visit {
  page: Page
  stub: Stub
  /** Dialogs, uncaught errors, violations of the policy, and requests to anything but the server. */
  faults: string[]
  /** Opens the page in a window of that size. */
  open(options?: View): Promise<Page>
}

/** Tests in a real browser. Without one they are skipped, and say so; where REQUIRE_SERVICES is 1, that is a failure. */
export function describeInBrowser(name: string, tests: (visit: Visit) => void): void {
  const executablePath = [process.env['CHROMIUM'] ?? '', ...PLACES].find((path) => existsSync(path))
  if (executablePath === undefined) {
    it(`${name}: needs Chromium`, (context) => {
      if (process.env['REQUIRE_SERVICES'] === '1')
        throw new Error(`there is no browser at ${PLACES.join(', ')}`)
      console.warn(`SKIPPED: ${name}: there is no browser at ${PLACES.join(', ')}; CHROMIUM names another`)
      context.skip()
    })
    return
  }
  describe(name, () => tests(visitWith(executablePath)))
}

function visitWith(executablePath: string): Visit {
  const visit = { faults: [] as string[] } as Visit
  let browser: Browser
  let context: BrowserContext | undefined
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: FLAGS })
  })
  beforeEach(async () => {
    visit.stub = await startStub()
    visit.faults.length = 0
  })
  afterEach(async () => {
    await context?.close()
    context = undefined
    await visit.stub.close()
    expect(visit.faults).toEqual([])
  })
  afterAll(() => browser.close())

  visit.open = async ({
    width = 1280,
    height = 800,
    colorScheme = 'light',
    origin = visit.stub.url,
    ready = '#examples button',
  } = {}) => {
    context = await browser.newContext({ viewport: { width, height }, colorScheme })
    visit.page = await context.newPage()
    await watch(context, visit, origin)
    await visit.page.goto(origin)
    await visit.page.waitForSelector(ready)
    return visit.page
  }
  return visit
}

async function watch(context: BrowserContext, { page, faults }: Visit, origin: string): Promise<void> {
  await context.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(`${origin}/`)) return route.continue()
    faults.push(`request: ${url}`)
    return route.abort()
  })
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    return dialog.dismiss()
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('popup', (popup) => faults.push(`popup: ${popup.url()}`))
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame() || new URL(frame.url()).origin !== origin)
      faults.push(`frame: ${frame.url()}`)
  })
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(`policy: ${message.text()}`)
  })
}

/** Types a question and sends it with Enter. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.fill('#question', question)
  await page.press('#question', 'Enter')
}

/** Waits until the last answer has ended: done, refused, stopped or failed. */
export async function ended(page: Page): Promise<string> {
  await page.waitForSelector(
    '.turn:last-child:is([data-status=done], [data-status=refused], [data-status=stopped], [data-status=failed])',
  )
  return (await page.getAttribute('.turn:last-child', 'data-status')) ?? ''
}

/** What is as wide as it should be: nothing scrolls sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
