import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { escapeText, html } from '#kit/report/markup'
import { renderHtml } from '#kit/report/page'
import { baseline, entry, report, result } from './sample.ts'

const PAYLOADS = [
  '<script>alert(1)</script>',
  '</pre></section><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</title><base href=http://example.test/>',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '&lt;img src=x onerror=alert(1)&gt;',
]

describe('markup', () => {
  it('escapes every value, and leaves markup unchanged', () => {
    expect(html`<p title="${'"&'}">${'<b>'}${html`<i>${1}</i>`}${[html`a`, html`b`]}</p>`.html).toBe(
      '<p title="&quot;&amp;">&lt;b&gt;<i>1</i>ab</p>',
    )
  })

  it('shows invisible characters and characters that reverse text', () => {
    expect(escapeText('a\u0000b\u202ec\ud800d\u200be')).toBe('a⟨0000⟩b⟨202E⟩c⟨D800⟩d⟨200B⟩e')
    expect(escapeText('tab\tline\nfamily \u{1f468}\u200d\u{1f469}')).toBe(
      'tab\tline\nfamily \u{1f468}\u200d\u{1f469}',
    )
  })
})

describe('the page of a run', () => {
  it.each(PAYLOADS)('has no element that a model, a case or a reason wrote: %s', (payload) => {
    const grades = [{ grader: payload, pass: false, score: 0, reason: payload }]
    const changes = {
      id: payload,
      tags: [payload],
      input: payload,
      expected: payload,
      output: payload,
      error: payload,
      grades,
    }
    const gate = { reasons: [payload], notes: [payload], lost: [payload] }
    const evil = {
      ...report([result({ ...changes, outcome: 'error' })], gate),
      name: payload,
      provider: { name: payload, model: payload, deterministic: true },
    }
    const history = [
      entry({ suite: payload, provider: payload, model: payload, reason: payload, gained: [payload] }),
    ]
    const harmless = {
      ...report(
        [
          result({
            id: 'x',
            tags: ['x'],
            outcome: 'error',
            error: 'x',
            grades: [{ grader: 'x', pass: false, score: 0, reason: 'x' }],
          }),
        ],
        { reasons: ['x'], notes: ['x'], lost: ['x'] },
      ),
      name: 'x',
      provider: { name: 'x', model: 'x', deterministic: true },
    }
    const plain = renderHtml(harmless, null, [
      entry({ suite: 'x', provider: 'x', model: 'x', reason: 'x', gained: ['x'] }),
    ])
    const page = renderHtml(evil, null, history)
    expect(page).not.toContain(payload)
    expect(tagsIn(page)).toEqual(tagsIn(plain))
  })

  it('lets nothing run or load but its own style and script, which stand there as their hashes say', () => {
    const page = renderHtml(report([result()]), null, [])
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? ''
    const decoded = policy.replaceAll('&#39;', "'")
    expect(decoded).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    )
    for (const element of ['style', 'script']) {
      const body = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(page)?.[1] ?? ''
      expect(decoded).toContain(
        `${element}-src 'sha256-${createHash('sha256').update(body).digest('base64')}'`,
      )
    }
    expect(page).not.toMatch(/\s(?:style|on\w+)="|https?:/)
  })

  it('tells lost, gained, new and changed cases from the rest', () => {
    const cases = [
      result({ id: 'lost', outcome: 'fail', score: 0.5 }),
      result({ id: 'gained' }),
      result({ id: 'new' }),
      result({ id: 'changed', caseHash: '1'.repeat(64) }),
      result({ id: 'same' }),
    ]
    const earlier = (id: string, outcome: 'pass' | 'fail') => ({
      id,
      caseHash: '0'.repeat(64),
      outcome,
      score: outcome === 'pass' ? 1 : 0,
    })
    const was = [
      earlier('lost', 'pass'),
      earlier('gained', 'fail'),
      earlier('changed', 'pass'),
      earlier('same', 'pass'),
    ]
    const page = renderHtml(report(cases), baseline(was), [])
    for (const change of ['lost', 'gained', 'new', 'changed', 'same'])
      expect(page).toMatch(new RegExp(`id="case-${change}" data-outcome="\\w+" data-change="${change}"`))
    expect(page).toMatch(/passed with 1\.00 then, failed with 0\.50 now \(−0\.50\)/)
    expect(page.match(/<details class="case"[^>]* open>/g)).toHaveLength(1)
  })

  it('keeps a long list of reasons and of lost cases from filling the page', () => {
    const lost = Array.from({ length: 9 }, (_, index) =>
      result({ id: `lost-${index}`, outcome: 'fail', score: 0 }),
    )
    const was = lost.map(({ id, caseHash }) => ({ id, caseHash, outcome: 'pass' as const, score: 1 }))
    const page = renderHtml(report(lost, { reasons: lost.map(({ id }) => `${id} fails`) }), baseline(was), [])
    expect(page).toContain('<summary>4 more</summary>')
    expect(page.match(/<details class="case"[^>]* open>/g)).toHaveLength(3)
    for (const { id } of lost) expect(page).toContain(`<li>${id} fails</li>`)
  })

  it.each([
    [100, 'median as before, p95'],
    [140, '+40 ms median, p95'],
    [90, '−10 ms median, p95'],
  ])('says what became of a median latency of 100 ms that is now %d ms', (latencyMs, said) => {
    const before = { at: '2026-01-01T00:00:00.000Z', p50LatencyMs: 100, costUsd: null }
    expect(renderHtml(report([result({ latencyMs })], { before }), null, [])).toContain(said)
  })

  it('cuts a very long text, and says so', () => {
    const page = renderHtml(report([result({ output: 'x'.repeat(25_000) })]), null, [])
    expect(page).toContain('5000 more characters')
    expect(page).not.toContain('x'.repeat(20_001))
  })

  it.each([
    ['no case', report([]), []],
    ['nothing blessed', report([result()]), []],
    [
      'an unknown price',
      report([result({ usage: { inputTokens: 1, outputTokens: 1, costUsd: null } })]),
      [entry({ costUsd: null })],
    ],
    [
      'entries of an earlier version',
      report([result()]),
      [entry({ costUsd: undefined, p50LatencyMs: undefined, meanScore: null })],
    ],
    [
      'no answer',
      report([result({ outcome: 'error', score: null, error: 'x', grades: [], output: '' })]),
      [entry()],
    ],
    ['a blessing of 0 cases', report([result()]), [entry({ passed: 0, total: 0 })]],
    ['a thousand blessings', report([result()]), Array.from({ length: 1000 }, () => entry())],
  ])('draws charts without holes in their numbers for %s', (_name, run, history) => {
    const page = renderHtml(run, null, history)
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/)
    expect(page.match(/<svg viewBox="0 0 340 150"/g)).toHaveLength(3)
  })

  it('draws only what was blessed with the same suite, provider and model', () => {
    const others = [entry({ suite: 'other' }), entry({ provider: 'other' }), entry({ model: 'other' })]
    const page = renderHtml(report([result()]), null, [...others, entry(), entry()])
    expect(page.match(/class="dot"/g)).toHaveLength(2 * 3)
    expect(page.match(/class="now"/g)).toHaveLength(3)
  })
})

function tagsIn(page: string): string[] {
  return page.match(/<\/?[a-z][a-z0-9]*/gi) ?? []
}
