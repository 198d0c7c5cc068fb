import { expect, it } from 'vitest'
import * as z from 'zod'
import { checkAnswer } from '../../../src/check.ts'
import { readSource } from '../../../src/evidence.ts'
import { readFields } from '../../../src/fields.ts'

const root = readFields(
  z.object({
    amount: z.number().nullable(),
    day: z.iso.date().nullable(),
    moment: z.iso.datetime({ local: true }).nullable(),
  }),
)

/** An amount, a day and a moment as a document of each language writes them, and what they mean. */
const DOCUMENTS = [
  ['German', '1.234,50 €', 1234.5, '15. März 2026', '3. Mai 2026 um 14.05 Uhr'],
  ['French', '1\u202f234,50 €', 1234.5, '15 mars 2026', '3 mai 2026 à 14h05'],
  ['Spanish', '1.234,50 €', 1234.5, '15 de marzo de 2026', '3 de mayo de 2026, 14:05'],
  ['Polish', '1\u00a0234,50 zł', 1234.5, '15 marca 2026', '3 maja 2026, 14:05'],
  ['Russian', '1 234,50 ₽', 1234.5, '15 марта 2026 г.', '3 мая 2026, 14:05'],
  ['Japanese', '１，２３４．５０円', 1234.5, '2026年3月15日', '2026年5月3日14:05'],
  ['Korean', '1,234.50원', 1234.5, '2026년 3월 15일', '2026년 5월 3일 14:05'],
  ['Arabic', '١٬٢٣٤٫٥٠', 1234.5, '١٥ مارس ٢٠٢٦', '3 مايو 2026 14:05'],
  ['Hindi', '₹1,23,456.50', 123456.5, '१५ मार्च २०२६', '3 मई 2026, 14:05'],
] as const

it.each(DOCUMENTS)('%s: right values of a model all pass the checks', (_, amount, value, day, moment) => {
  const text = `${amount}\n${day}\n${moment}\n`
  const entry = (quote: string, meant: unknown) => [{ quote, value: meant }]
  const answer = {
    amount: entry(amount, value),
    day: entry(day, '2026-03-15'),
    moment: entry(moment, '2026-05-03T14:05:00'),
  }
  const { data, issues } = checkAnswer(root, answer, readSource(text))
  expect({ data, issues }).toEqual({
    data: { amount: value, day: '2026-03-15', moment: '2026-05-03T14:05:00' },
    issues: [],
  })
})

it.each(DOCUMENTS)('%s: a value that is off by a digit passes none', (_, amount, value, day) => {
  const answer = {
    amount: [{ quote: amount, value: value + 1 }],
    day: [{ quote: day, value: '2026-03-16' }],
    moment: [],
  }
  const { data } = checkAnswer(root, answer, readSource(`${amount}\n${day}\n`))
  expect(data).toEqual({ amount: null, day: null, moment: null })
})
