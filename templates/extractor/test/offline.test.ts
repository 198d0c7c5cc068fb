import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { extractHeuristically } from '#kit/offline/extract'
import { schema as invoice } from '../../../evals/schemas/invoice.ts'
import { checkAnswer } from '../../../src/check.ts'
import { readSource } from '../../../src/evidence.ts'
import { readFields } from '../../../src/fields.ts'
import { order, orderData, orderText } from '../../../test/order.ts'

const folder = new URL('../../../evals/documents/', import.meta.url)
const documents = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))

function extract(schema: z.ZodObject, text: string) {
  const root = readFields(schema)
  return checkAnswer(root, extractHeuristically(root, text), readSource(text))
}

describe('the heuristic, on a schema and a document that it has never seen', () => {
  it('fills in strings, dates, booleans, enums, numbers, nested objects, lists and tables', () => {
    expect(extract(order, orderText)).toMatchObject({ data: orderData, issues: [] })
  })

  it('goes by what the schema calls things: rename a field and it finds another value', () => {
    const find = (field: string, description = '') =>
      extract(
        z.object({ [field]: z.string().nullable().describe(description) }),
        'Colour: red\nSize of shoe: 42\n',
      ).data
    expect(find('colour')).toEqual({ colour: 'red' })
    expect(find('shoeSize')).toEqual({ shoeSize: '42' })
    expect(find('hue')).toEqual({ hue: null })
    expect(find('hue', 'the colour')).toEqual({ hue: 'red' })
  })

  it.each([
    ['JSON', '{\n  "host": "db-1",\n  "port": 5432,\n  "tls": false\n}'],
    ['YAML', 'host: db-1\nport: 5432\ntls: no\n'],
    ['Markdown', '- **Host:** `db-1`\n- **Port:** 5432\n- **TLS:** no\n'],
    ['a table', '| Setting | Value |\n|---|---|\n| Host | db-1 |\n| Port | 5432 |\n| TLS | no |\n'],
    ['columns', 'Host      db-1\nPort      5432\nTLS       no\n'],
    ['one line', 'Host: db-1 | Port: 5432 | TLS: no'],
    ['CRLF', 'Host: db-1\r\nPort: 5432\r\nTLS: no\r\n'],
    ['an ini file', 'host=db-1\nport=5432\ntls=false\n'],
  ])('reads %s', (_, text) => {
    const settings = z.object({
      host: z.string().nullable(),
      port: z.int().nullable(),
      tls: z.boolean().nullable(),
    })
    expect(extract(settings, text).data).toEqual({ host: 'db-1', port: 5432, tls: false })
  })

  it('reads rows of a list, with what is named or recognised in each', () => {
    const todo = z.object({
      followUps: z.array(
        z.object({ task: z.string().nullable(), owner: z.string().nullable(), due: z.iso.date().nullable() }),
      ),
    })
    const text =
      '## Follow-ups\n\n- Rotate keys (owner: Ana, due 2026-05-01)\n- Write it down — Bo, by 2 May 2026\n- Sleep\n'
    expect(extract(todo, text).data).toEqual({
      followUps: [
        { task: 'Rotate keys', owner: 'Ana', due: '2026-05-01' },
        { task: 'Write it down', owner: 'Bo', due: '2026-05-02' },
        { task: 'Sleep', owner: null, due: null },
      ],
    })
  })

  it('takes a person’s name only from where the person is named', () => {
    const people = z.object({
      buyer: z.object({ name: z.string().nullable(), email: z.email().nullable() }),
      seller: z.object({ name: z.string().nullable(), email: z.email().nullable() }),
    })
    expect(
      extract(people, 'Buyer: Ada Lund <ada@a.example>\nName: Nobody\nSeller email: sel@b.example').data,
    ).toEqual({
      buyer: { name: 'Ada Lund', email: 'ada@a.example' },
      seller: { name: null, email: 'sel@b.example' },
    })
  })

  it.each([
    ['Salary: from 62,000 to 78,000 EUR', 62_000, 78_000],
    ['Salary: 62,000 EUR – 78,000 EUR', 62_000, 78_000],
    ['Salary: between €62,000 and €78,000', 62_000, 78_000],
    ['Salary: 62,000 (78,000 after a year)', null, null],
    ['Salary: 62,000, 70,000 or 78,000', null, null],
  ])('reads the ends of a range, and nothing into other numbers: %s', (text, min, max) => {
    const end = z.number().nullable()
    const nested = z.object({
      salary: z.object({ min: end, max: end.describe('maximum salary, up to') }),
    })
    expect(extract(nested, text).data).toEqual({ salary: { min, max } })
  })

  it('reads the ends of a range into separate fields', () => {
    const day = z.iso.date().nullable()
    const stay = z.object({ stayFrom: day, stayTo: day })
    expect(extract(stay, 'Stay: 3 March 2027 to 9 March 2027').data).toEqual({
      stayFrom: '2027-03-03',
      stayTo: '2027-03-09',
    })
  })
})

describe('where the heuristic does not know', () => {
  const one = (type: z.core.$ZodType, text: string) => extract(z.object({ severity: type }), text)

  it.each([
    ['nothing', z.string().nullable(), 'Some other text entirely.'],
    ['an empty label', z.string().nullable(), 'Severity: n/a\n'],
    ['a label without a number', z.int().nullable(), 'Severity: not a number\nWe saw 12 severity alerts.'],
    ['only an ordinary word', z.enum(['low', 'high']).nullable(), 'The water is high and the bridge is low.'],
  ])('there is null for %s', (_, type, text) => {
    expect(one(type, text).data).toEqual({ severity: null })
  })

  it('two candidates are both shown, and none is taken', () => {
    const { data, issues } = one(z.int().nullable(), 'Severity: 2\n\nSeverity: 3\n')
    expect(data).toEqual({ severity: null })
    expect(issues).toMatchObject([
      { path: 'severity', code: 'ambiguous', message: 'the document gives 2 or 3' },
    ])
  })

  it('comments of a document do not count', () => {
    expect(one(z.int().nullable(), 'Severity: 2\n<!-- Severity: 3 -->\n<!-- never closed\n').data).toEqual({
      severity: 2,
    })
  })
})

describe('on every document of the evals', () => {
  it('each value is proven by the document, and no rule of the checks is broken', () => {
    for (const text of documents) {
      const { evidence, issues } = extract(invoice, text)
      expect(issues.filter(({ code }) => !['ambiguous', 'unclear'].includes(code))).toEqual([])
      for (const { quote, start, end } of Object.values(evidence)) expect(text.slice(start, end)).toBe(quote)
    }
  })

  it('is the same every time', () => {
    for (const text of documents) expect(extract(invoice, text)).toEqual(extract(invoice, text))
  })

  it('follows the document: other names and numbers in, other names and numbers out', () => {
    const text = documents.find((document) => document.includes('NH-2026-0417')) ?? ''
    const swap = (from: string) =>
      from.replaceAll('0417', '0528').replaceAll('602.02', '713.13').replaceAll('Nordhost', 'Sydhost')
    const [before, after] = [text, swap(text)].map((document) =>
      JSON.stringify(extract(invoice, document).data),
    )
    expect(after).toBe(swap(before ?? ''))
    expect(after).not.toBe(before)
  })
})

describe('a large document', { timeout: 60_000 }, () => {
  it.each([
    ['many documents', documents.join('\n\n').repeat(15)],
    ['one line', 'word '.repeat(150_000)],
    ['one word', 'a'.repeat(1_000_000)],
    ['comments that never close', '<!--'.repeat(150_000)],
    ['labels only', 'Severity: \n'.repeat(50_000)],
    ['bars', '| a | 2026-03-03 '.repeat(30_000)],
  ])('is read in time: %s', (_, text) => {
    expect(extract(invoice, text).data).toHaveProperty('number')
  })
})
