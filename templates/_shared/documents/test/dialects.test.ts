import { describe, expect, it } from 'vitest'
import { readDialects } from '#kit/documents/markdown-dialects'

describe('the marks of documentation sites are read as what they show', () => {
  it.each([
    [
      'GitHub and Obsidian',
      '> [!WARNING]\n> Never deploy on Friday.',
      '> **Warning**\n> Never deploy on Friday.',
    ],
    ['Obsidian with a title', '> [!tip]- Faster\n> Use the cache.', '> **Faster**\n> Use the cache.'],
    [
      'MkDocs',
      '!!! note "Mind the gap"\n    Stand back.\n\nAfter.',
      '**Mind the gap**\nStand back.\n\nAfter.',
    ],
    ['MkDocs, folded', '??? info\n    Stand back.', '**Info**\nStand back.'],
    ['Docusaurus', ':::danger\nThe red button.\n:::', '**Danger**\nThe red button.'],
    ['Docusaurus with a title', ':::note[Read me]\nText.\n:::', '**Read me**\nText.'],
    ['VitePress', '::: details Click me\nText.\n:::', '**Click me**\nText.'],
    ['GitBook', '{% hint style="warning" %}\nNever deploy.\n{% endhint %}', '**Warning**\nNever deploy.'],
    [
      'GitBook tabs',
      '{% tabs %}\n{% tab title="Linux" %}\nRun it.\n{% endtab %}\n{% endtabs %}',
      '**Linux**\nRun it.',
    ],
    ['anchors of headings', '## Deploying {#deploying}', '## Deploying'],
    [
      'footnotes',
      'Raised on request.[^1] By default.\n\n[^1]: Ask the desk.',
      'Raised on request (Ask the desk). By default.',
    ],
    ['a footnote that is nowhere', 'Raised.[^9]', 'Raised.[^9]'],
  ])('%s', (_, text, shown) => {
    expect(
      readDialects(text)
        .replaceAll(/\n{2,}/g, '\n')
        .trim(),
    ).toBe(shown.replaceAll(/\n{2,}/g, '\n'))
  })

  it('except in code', () => {
    const text = '```md\n:::danger\n[^1]: no\n{% hint %}\n```\n\nWrite `{#id}` or `[^1]`.\n\n[^1]: yes'
    expect(readDialects(text)).toContain('```md\n:::danger\n[^1]: no\n{% hint %}\n```')
    expect(readDialects(text)).toContain('Write `{#id}` or `[^1]`.')
  })
})
