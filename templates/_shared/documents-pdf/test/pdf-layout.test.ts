import { afterAll, describe, expect, it } from 'vitest'
import { documentFolder, pdfOf } from './reading.ts'

const { textOf, remove } = documentFolder()
afterAll(remove)

type Text = readonly [x: number, y: number, text: string]

async function readPage(...texts: Text[]): Promise<string> {
  const stream = texts.map(([x, y, text]) => `BT /F1 11 Tf ${x} ${y} Td (${text}) Tj ET`).join('\n')
  const text = await textOf('a.pdf', pdfOf([stream]))
  return text.replace('## Page 1\n\n', '')
}

const lines = (x: number, y: number, texts: readonly string[]): Text[] =>
  texts.map((text, index) => [x, y - 14 * index, text])

const cells = (y: number, rows: readonly (readonly string[])[]): Text[] =>
  rows.flatMap((row, index) => row.map((cell, column): Text => [60 + 120 * column, y - 16 * index, cell]))

describe('the layout of a PDF page', () => {
  it('keeps a hyphen at the end of a line if the document writes the word with it', async () => {
    const words = ['A walk-in clinic is near. The walk-', 'in clinic takes check-', 'ups on Mondays.']
    expect(await readPage(...lines(60, 700, words))).toBe(
      'A walk-in clinic is near. The walk-in clinic takes check-ups on Mondays.',
    )
    const plain = ['The garden is open. Our gar-', 'den has a foun-', 'tain in it.']
    expect(await readPage(...lines(60, 700, plain))).toBe(
      'The garden is open. Our garden has a fountain in it.',
    )
    const apart = ['Both first- ', 'and second-class tickets are sold from 2019-', '2021 in Ulm-', 'Nord.']
    expect(await readPage(...lines(60, 700, apart))).toContain('sold from 2019-2021 in Ulm-Nord.')
    expect(await readPage(...lines(60, 700, ['Two-', 'and three-year terms']))).toBe(
      'Two- and three-year terms',
    )
  })

  it('is a table where cells stand below each other, with its title above', async () => {
    const rows = [
      ['Boat', 'Seats', 'Built in'],
      ['Heron', '12', '1987'],
      ['Sea Eagle', '40', '2003'],
      ['Plover', '', '1999'],
    ]
    const text = await readPage([60, 740, 'Boats of the harbour company'], ...cells(710, rows), [
      60,
      610,
      'Seats are counted without the crew of the boat, which is two people or three.',
    ])
    expect(text).toBe(
      'Boats of the harbour company\n\n' +
        '| Boat | Seats | Built in |\n| --- | --- | --- |\n| Heron | 12 | 1987 |\n| Sea Eagle | 40 | 2003 |\n' +
        '| Plover |  | 1999 |\n\nSeats are counted without the crew of the boat, which is two people or three.',
    )
  })

  it('is no part of the running head of its page', async () => {
    const rows = [
      ['Season', 'Ships'],
      ['Spring', '120'],
      ['Autumn', '98'],
    ]
    const text = await readPage([60, 770, 'Harbour'], [180, 770, 'Page 1'], ...cells(700, rows))
    expect(text).toMatch(/^Harbour Page 1\n\n\| Season \| Ships \|\n/)
  })

  it('joins the lines of a cell, and writes labels with their values', async () => {
    const rows = [
      ['Plan', 'What it has', 'Fee'],
      ['Small', 'One desk', '40'],
      ['Large', 'Two desks', '90'],
      ['', 'and a locker', ''],
    ]
    expect(await readPage(...cells(700, rows))).toContain('| Large | Two desks and a locker | 90 |')
    const labels = [
      ['Order:', 'B-17'],
      ['Colour:', 'green'],
    ]
    expect(await readPage(...cells(700, labels))).toBe('Order: B-17\n\nColour: green')
  })

  it('has a header only where words or years stand above numbers', async () => {
    const years = [
      ['Town', '2023', '2024'],
      ['Lund', '14', '15'],
      ['Vik', '7', '9'],
    ]
    expect(await readPage(...cells(700, years))).toMatch(/^\| Town \| 2023 \| 2024 \|\n\| --- /)
    const bare = [
      ['4', 'bytes', 'length'],
      ['2', 'bytes', 'kind'],
      ['8', 'bytes', 'date'],
    ]
    expect(await readPage(...cells(700, bare))).toBe('4 bytes length\n\n2 bytes kind\n\n8 bytes date')
  })

  it('reads columns one after another, even if they are drawn line by line', async () => {
    const left = ['The mill grinds wheat for', 'the whole valley, and it', 'sells bread on Fridays.']
    const right = ['A path leads from the', 'mill to the lake. It is', 'closed in winter.']
    const heading: Text = [
      60,
      730,
      'What there is to see in the valley of the three mills and around the big lake',
    ]
    for (const offset of [0, 6]) {
      const drawn = lines(60, 700, left).flatMap((text, index): Text[] => [
        text,
        ...lines(320, 700 - offset, right).slice(index, index + 1),
      ])
      expect(await readPage(heading, ...drawn)).toBe(
        [heading[2], left.join('\n'), right.join('\n')].join('\n\n'),
      )
    }
  })

  it.each([0.4, 1])('has text once that is printed again %d points away', async (shift) => {
    const twice = (texts: Text[]) =>
      texts.flatMap(([x, y, text]): Text[] => [
        [x, y, text],
        [x + shift, y - shift / 2, text],
      ])
    expect(await readPage(...twice([[60, 700, 'Deposit: 250 euros']]))).toBe('Deposit: 250 euros')
    const words = ['Bring', 'the', 'the', 'signed', 'form'].map(
      (word, index): Text => [60 + 50 * index, 700, word],
    )
    expect((await readPage(...twice(words))).replace(/\s+/g, ' ')).toBe('Bring the the signed form')
    const letters = [...'Fee: 33 euros'].map((letter, index): Text => [60 + 8 * index, 700, letter])
    expect(await readPage(...twice(letters))).toBe('Fee: 33 euros')
    expect(await readPage([60, 700, 'The bookkeeper has 1122 3344'])).toBe('The bookkeeper has 1122 3344')
  })
})
