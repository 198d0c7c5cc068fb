import { describe, expect, it } from 'vitest'
import { streamPrintable, toPrintable } from '#kit/console/printable'

const attacks: readonly (readonly [string, string, string])[] = [
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a cleared screen', 'a\u001b[2J\u001b[Hb', 'ab'],
  ['a link (OSC 8)', '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u0007', 'click'],
  ['a write to the clipboard (OSC 52)', 'a\u001b]52;c;cm0gLXJmIC8=\u0007b', 'ab'],
  ['a device control string', 'a\u001bP1$r0m\u001b\\b', 'ab'],
  ['the same in 8 bits', 'a\u009b31mb\u009d0;title\u009cc', 'abc'],
  ['a character set', 'a\u001b(0b', 'ab'],
  ['a reset', 'a\u001bcb', 'ab'],
  ['a line that overwrites itself', 'evil\rgood\b', 'evilgood'],
  ['reversed text', 'a\u202eb\u2066c', 'abc'],
  ['a sequence inside a sequence', 'a\u001b[3\u001b[31mb', 'ab'],
  ['a string that is never closed', 'a\u001b]52;c;xxx\nnext line', 'a\nnext line'],
  ['a broken sequence', 'a\u001b[31\nb', 'a\nb'],
]

describe('what goes to the terminal', () => {
  it('is the text itself, with tabs, emoji and every script', () => {
    const text = 'Grüße\tan 👩‍🚒,\n数据 и שלום [31m ]8;;'
    expect(toPrintable(text)).toBe(text)
  })

  it.each(attacks)('holds no %s', (_, sent, shown) => {
    expect(toPrintable(sent)).toBe(shown)
  })

  it.each(attacks)('holds no %s either when it arrives cut at any place', async (_, sent, shown) => {
    for (let cut = 0; cut <= sent.length; cut++) {
      async function* deltas() {
        yield sent.slice(0, cut)
        yield sent.slice(cut)
      }
      let text = ''
      for await (const delta of streamPrintable(deltas())) text += delta
      expect(text).toBe(shown)
    }
  })
})
