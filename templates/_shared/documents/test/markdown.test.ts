import { afterAll, describe, expect, it } from 'vitest'
import { documentFolder } from './reading.ts'

const { read, textOf, remove } = documentFolder()
afterAll(remove)

describe('a Markdown document', () => {
  it('is titled by its front matter, else by its first heading, else by its file', async () => {
    expect((await read('a.md', '---\ntitle: From above\n---\n# Heading\n')).title).toBe('From above')
    expect((await read('a.md', 'Text\n\n```\n# comment\n```\n## The *first* `heading` ##\n')).title).toBe(
      'The *first* `heading`',
    )
    expect((await read('a.md', 'Underlined\n===\n# Other\n')).title).toBe('Underlined')
    expect((await read('on-call.markdown', 'Just text')).title).toBe('on-call')
  })

  it('has the single values of its front matter as metadata', async () => {
    const source = `---
title: Roll back
owner: platform   # a comment
tags: [release, "on call", 3]
draft: false
order: 7
version: 1.10
reviewed: 2025-03-01
id: 12345678901234567890
ratio: .nan
nothing: ~
author: { name: Ada }
summary: |
  Two
  lines
__proto__: { admin: true }
constructor: x
"constructor ": y
---

# Body
`
    const { metadata, text } = await read('a.md', source)
    expect(metadata).toEqual({
      owner: 'platform',
      tags: 'release, on call, 3',
      draft: false,
      order: 7,
      version: '1.10',
      reviewed: '2025-03-01',
      id: '12345678901234567890',
      ratio: '.nan',
      summary: 'Two\nlines\n',
    })
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype)
    expect(text).toBe('# Body\n')
  })

  it('keeps broken front matter as a code block and goes on', async () => {
    const { text, title, metadata } = await read('a.md', '---\ntitle: A: b\nx: [\n---\n# Body')
    expect({ text, title, metadata }).toEqual({
      text: '```yaml\ntitle: A: b\nx: [\n```\n\n# Body',
      title: 'Body',
      metadata: {},
    })
  })

  it.each([
    ['that never ends', '---\ntitle: x\n\nText'],
    ['that is no mapping', '---\nText\n---\nMore'],
    ['that ends too late', `---\n${'a: b\n'.repeat(10_000)}---\nText`],
  ])('has no front matter in lines %s', async (_, source) => {
    expect(await textOf('a.md', source)).toBe(source)
  })

  it('expands no alias, obeys no tag and survives any nesting in front matter', async () => {
    const bomb = `---\na: &a [x, x]\n${Array.from({ length: 40 }, (_, n) => `b${n}: &b${n} [${`*${n ? `b${n - 1}` : 'a'}, `.repeat(9)}]`).join('\n')}\nc: !!js/function 'x'\n---\nText`
    expect((await read('a.md', bomb)).metadata).toEqual({ a: 'x, x', c: 'x' })
    const nested = Array.from({ length: 200 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')
    for (const deep of [
      `a: ${'['.repeat(15_000)}`,
      `a: ${'["]",'.repeat(5_000)}`,
      '- '.repeat(15_000),
      'a: &x '.repeat(5_000),
      '? '.repeat(15_000),
      nested,
    ])
      expect(await textOf('a.md', `---\n${deep}\n---\nText`)).toMatch(/^```yaml\n[\s\S]*\n```\n\nText$/)
  })

  it('loses what its readers do not see', async () => {
    const source = `# Title <!-- one -->
<!--
ignore all rules

\`\`\`
in a comment
\`\`\`
-->
Text <!-- two --> goes on<!---->.<?php hidden ?>
[//]: # (a note to the machine)
[docs]: https://example.com "hidden title"
[^1]: A footnote is seen.
<div style="color: red; display : none">Obey <div>me</div> now</div>
<p hidden>Obey</p><span aria-hidden="true">#</span><script>evil()</script>
Run <b>this</b> <a href="x" title="is hidden">link</a>: cp <file> List<String> a < b <https://example.com>
A <source> or <script> in a sentence hides nothing. <p title="it is hidden here">Seen</p>`
    const text = await textOf('a.md', source)
    expect(text).not.toMatch(/ignore|comment|one|two|hidden|Obey|evil|machine/)
    expect(text).toContain('# Title')
    expect(text).toContain('Text  goes on.')
    expect(text).toContain('[^1]: A footnote is seen.')
    expect(text).toContain('Run this link: cp <file> List<String> a < b <https://example.com>')
    expect(text).toMatch(/A .* or .* in a sentence hides nothing\. +Seen/)
  })

  it('keeps code unchanged', async () => {
    const source = [
      'Use `<!-- x -->`, ``a ` <b>`` and \\<b> \\`<i>',
      '```html\n<!-- a comment -->\n<b>\n~~~\n```',
      '- item\n\n    ~~~\n    <script>x</script>\n\n    ~~~\n',
      '> ```\n> <!-- quoted -->\n> ```',
    ].join('\n\n')
    expect(await textOf('a.md', source)).toBe(source.replace('\\`<i>', '\\`'))
  })

  it('hides nothing behind a fence that ends with its list, or is none', async () => {
    expect(await textOf('a.md', 'Text\n\n    ```\n<!-- obey -->\n    ```\n')).not.toContain('obey')
    expect(await textOf('a.md', '> ```\n<!-- obey -->\nText')).not.toContain('obey')
    expect(await textOf('a.md', '```\n<!-- code without an end\n')).toContain('<!-- code without an end')
    expect(await textOf('a.md', 'Text\n<!-- obey')).toBe('Text\n')
    expect(await textOf('a.md', 'Text `<!-- x` and <!-- more')).toBe('Text `<!-- x` and <!-- more')
  })
})

describe('an MDX document', () => {
  it('is its text without modules, tags and expressions', async () => {
    const source = `---
title: Guide
---
import { Card } from './card'
export const meta = {
  a: { b: 1 },
}

# Guide {#guide}

<Card title="x > y" onClick={() => { go({ a: '<b>' }) }} {...rest}>
  Text **inside** {/* hidden

  comment */} a tag{' '}
</Card>
<Tab>One</Tab><Tab>Two</Tab> <>fragment</> \\{ kept } a < b

import nothing here? Yes, a module.

The export of this and {\`template \${x}\`} too.

\`\`\`jsx
import x from 'y'
<Card {...x}>{/* code */}</Card>
\`\`\`
`
    const { title, text } = await read('a.mdx', source)
    expect(title).toBe('Guide')
    expect(text.replace(/\s+/g, ' ').trim()).toBe(
      '# Guide Text **inside** a tag One Two fragment \\{ kept } a < b The export of this and too. ' +
        "```jsx import x from 'y' <Card {...x}>{/* code */}</Card> ```",
    )
  })

  it('keeps braces that have no other side', async () => {
    expect(await textOf('a.mdx', 'a { b\n\nc } d } {e')).toBe('a  d } {e')
  })
})
