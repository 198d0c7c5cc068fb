import { describe, expect, it } from 'vitest'
import { renderPage } from '#kit/runs/page'
import { renderText } from '#kit/runs/text'
import { FILES, makeFolder, runAgent } from '../../../test/agent.ts'
import { startModel } from '../../../test/model-server.ts'

const EVIL =
  '</pre><script>alert(1)</script><img src=x onerror=alert(1)> " onload="x \u001b[31mred\u001b]8;;http://evil\u0007'

async function runEvil() {
  const model = await startModel((_, turn) =>
    turn === 1
      ? {
          text: EVIL,
          calls: [
            { tool: 'read_file', input: { path: 'evil.md' } },
            { tool: EVIL, input: { [EVIL]: EVIL } },
          ],
        }
      : { text: EVIL },
  )
  return runAgent({ env: model.env, goal: EVIL, root: makeFolder({ ...FILES, 'evil.md': EVIL }) })
}

describe('the trace of a run in which everything is hostile', () => {
  it('as a page runs nothing, loads nothing and keeps every word as text', async () => {
    const page = renderPage((await runEvil()).state)
    expect(page).not.toMatch(/<script|<img|<iframe|<a [^>]*href="(?!#step-)/i)
    expect(page.match(/&lt;script&gt;alert\(1\)/g)?.length).toBeGreaterThanOrEqual(6)
    expect(page).toContain("default-src 'none'")
    expect(page).not.toContain('\u001b')
  })

  it('as text has nothing that a terminal would obey', async () => {
    const text = renderText((await runEvil()).state)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(text).toContain('stopped by done')
  })
})

it('a trace has each step, its calls, what was decided, what came of it, and why the run ended', async () => {
  const { state } = await runAgent({
    goal: '- Count the errors in the logs\n- Wake up the person on call for the service "api" with the message "It is broken."',
  })
  for (const trace of [renderText(state), renderPage(state)])
    for (const part of [
      'summarise_errors',
      'page_on_call',
      'denied by default: no terminal to ask on',
      'cache is gone',
      'done',
    ])
      expect(trace).toContain(part)
})
