import { expect, it } from 'vitest'
import { estimateMaxTokens, estimateTokens } from '#kit/llm/tokens'

/** Tokens of the text repeated 20 times, counted with OpenAI's cl100k_base. */
const counted: [string, number][] = [
  ['The quick brown fox jumps over the lazy dog near the river bank. ', 281],
  ['Gestern habe ich ein neues Buch über Öffentlichkeitsarbeit gekauft. ', 382],
  ['Вчера я купил новую книгу, она очень интересная. ', 441],
  ['اشتريت كتابا جديدا أمس وهو ممتع للغاية. ', 601],
  ['मैंने कल एक नई किताब खरीदी। वह बहुत दिलचस्प है। ', 1021],
  ['เมื่อวานนี้ฉันซื้อหนังสือเล่มใหม่มันน่าสนใจมาก', 860],
  ['私は昨日新しい本を買いました。とても面白い。', 460],
  ['🙂🚀👩‍👩‍👧', 360],
  ['| 2024-01-02 | 10.231 | 99.2% | eu-west-1 | ok |\n', 540],
  ['3f2b8c1e-9a47-4d06-b5e1-7c0d9e8f6a21 ', 660],
]

it.each(counted)('a limit reckons with at least the tokens of %j', (text, tokens) => {
  const reckoned = estimateMaxTokens(text.repeat(20))
  expect(reckoned).toBeGreaterThanOrEqual(tokens)
  expect(reckoned).toBeLessThan(tokens * 2.5)
})

it('an estimate is near the tokens of English prose', () => {
  const [text = '', tokens] = counted[0] ?? []
  expect(estimateTokens(text.repeat(20))).toBeCloseTo(tokens ?? 0, -1)
})
