import { afterAll, describe, expect, it } from 'vitest'
import { documentFolder } from './reading.ts'

const { problem, read, textOf, remove } = documentFolder()
afterAll(remove)

const html = (body: string) => textOf('a.html', `<!doctype html><body>${body}`)

describe('a page', () => {
  it('is titled by its title, else by its first heading, else by its file', async () => {
    expect((await read('a.html', '<title> Roll\n back </title><h1>Other</h1>')).title).toBe('Roll back')
    expect(
      (await read('a.htm', '<title></title><svg><title>icon</title></svg><h1 hidden>x</h1><h1>Heading</h1>'))
        .title,
    ).toBe('icon')
    expect((await read('a.htm', '<p>x<h1 hidden>x</h1><h1>Head<b>ing</b></h1>')).title).toBe('Heading')
    expect((await read('a.htm', '<p>Text')).title).toBe('a')
  })

  it('becomes headings, paragraphs, code and lists', async () => {
    const page = `<h1>Roll&nbsp;back <a class="anchor" href="#x">#</a></h1><p>Run   <kbd>git
      revert</kbd> or <code>a \`b\`</code>,<br>then <em>wait</em> 10<sup>6</sup> ms<a href="/x">, see there</a>.
      <pre class="language-sh">\n  git revert\n\n  <b>make</b> &lt;all&gt;\n</pre>
      <ol start="3"><li>one<ul><li>a<li><p>b<p>c</ul><li><pre>\`\`\`</pre></ol>
      <dl><dt><code>-f</code><dt>--force<dd><p>Do it.<p>Now.<dt>alone</dl>`
    expect(await html(page)).toBe(
      [
        '# Roll back',
        'Run `git revert` or `` a `b` ``,\nthen wait 10^6 ms, see there.',
        '```sh\n  git revert\n\n  make <all>\n```',
        '3. one\n   - a\n   - b',
        'c',
        '````\n```\n````',
        '`-f`\n--force: Do it.',
        'Now.',
        'alone',
      ].join('\n\n'),
    )
  })

  it('keeps the columns of its tables', async () => {
    const table = `<table><caption>Limits</caption><thead><tr><th>Name<th>Bytes<th>Note</thead>
      <tr><td rowspan=2><code>a|b</code><td>1<td><p>two</p><ul><li>x</ul></tr><tr><td colspan=2>3</table>`
    expect(await html(table)).toBe(
      ['Limits', '| Name | Bytes | Note |\n| --- | --- | --- |\n| `a\\|b` | 1 | two - x |\n|  | 3 |  |'].join(
        '\n\n',
      ),
    )
    expect(await html('<table><tr><th>Function<tr><td>f(x)<p>does it</table>')).toBe(
      '| Function |\n| --- |\n| f(x) does it |',
    )
    expect(await html('<table><tr><td><h2>Layout</h2>text<td><pre>code</pre></table>')).toBe(
      '## Layout\n\ntext\n\n```\ncode\n```',
    )
    expect(
      (await html(`<table><tr><td colspan=1000000>a<td rowspan=99999999>b<tr><td>c</table>`)).length,
    ).toBeLessThan(1_000)
  })

  it('loses what its readers do not see, and what leads elsewhere', async () => {
    const page = `<header>Banner <nav>Home</nav></header><div class="x navheader">Prev</div><div role=navigation>Menu</div>
      <style>p{}</style><script>evil()</script><noscript>evil</noscript><template>evil</template><!-- evil -->
      <p hidden>evil<p style="DISPLAY : none !important">evil<p style="font-size:0px">evil<p style="opacity:0">evil
      <p aria-hidden=true>evil<p style="visibility:/**/hidden">evil<iframe>evil</iframe><img alt=evil><select><option>evil</select>
      <svg><text>evil</text></svg><p style="font-size:0.9em;opacity:0.5">Seen&#x202e;&#8203;.<footer>Legal</footer>`
    expect(await html(page)).toBe('Seen.')
  })

  it('is its only main part, or its only article, where it has one', async () => {
    expect(await html('<p>around<main><header><h1>T</h1></header>text</main>')).toBe('# T\n\ntext')
    expect(await html('<p>around<article>text</article>')).toBe('text')
    expect(await html('<article>a</article><article>b</article>')).toBe('a\n\nb')
    expect(await html('around<main></main>')).toBe('around')
  })

  it('gives no text the look of structure', async () => {
    expect(await html('<p># not a heading<br>``` no fence<p>| no table<dl><dt>## term<dd>#1 text')).toBe(
      '\\# not a heading\n\\``` no fence\n\n\\| no table\n\n\\## term: #1 text',
    )
  })

  it('in another encoding says in which', async () => {
    const latin1 = Buffer.from(
      '<meta http-equiv=content-type content="text/html; charset=ISO-8859-1"><p>Grüße',
      'latin1',
    )
    expect(await problem('a.html', latin1)).toBe(
      'ISO-8859-1 text: convert it to UTF-8 first, for example with iconv',
    )
    expect(await problem('a.html', Buffer.from('<meta charset=utf-8><p>Grüße', 'latin1'))).toContain(
      'not UTF-8',
    )
    expect(await textOf('a.html', '<meta charset=iso-8859-1><p>Grüße')).toBe('Grüße')
  })

  it.each([
    ['tags', '<div>'.repeat(100_000)],
    ['formatting', '<b>'.repeat(100_000)],
    ['tables', '<table><tr><td>'.repeat(30_000)],
    ['lists', '<ul><li>'.repeat(50_000)],
    ['misnested tags', '<b><div></b>'.repeat(20_000)],
    ['templates', '<template>'.repeat(50_000)],
    ['SVG', `<svg>${'<g>'.repeat(100_000)}`],
  ])('nested without end has a reason, not a crash: %s', { timeout: 5_000 }, async (_, page) => {
    expect(await problem('a.html', `<p>text</p>${page}x`)).toBe('elements nested more than 512 deep')
  })

  it('as hostile as it likes takes seconds at most', { timeout: 30_000 }, async () => {
    const formatting = Array.from({ length: 300 }, (_, n) => `<b id=${n}>`).join('')
    expect(await textOf('a.html', '<a><p>x'.repeat(20_000))).toContain('x\n\nx')
    expect(await textOf('a.html', 'x'.repeat(1_000_000))).toHaveLength(1_000_000)
    expect(await textOf('a.html', '<p>x</p>\n'.repeat(20_000))).toHaveLength(3 * 20_000 - 2)
    expect(await problem('a.html', `<p>${formatting}${'<p>x'.repeat(10_000)}`)).toBe(
      'more than half a million elements: split it',
    )
    expect(await textOf('a.html', `<p>x</p><!-- ${'-'.repeat(500_000)}`)).toBe('x')
    expect(await textOf('a.html', `text ${'<'.repeat(500_000)}`)).toContain('<<<')
    const attributes = Array.from({ length: 20_000 }, (_, n) => `a${n}=1`).join(' ')
    expect(await textOf('a.html', `<p ${attributes}>x`)).toBe('x')
  })
})
