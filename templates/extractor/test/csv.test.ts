import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { toCsv } from '#kit/command/csv'
import { readFields } from '../../../src/fields.ts'

const root = readFields(
  z.object({
    name: z.string().nullable(),
    n: z.number().nullable(),
    ok: z.boolean().nullable(),
    who: z.object({ email: z.email().nullable() }),
    tags: z.array(z.string()),
  }),
)
const data = (name: string | null) => ({ name, n: -1.5, ok: false, who: { email: null }, tags: ['a', 'b'] })

describe('CSV', () => {
  it('has a row for each document and a column for each value, lists as JSON', () => {
    expect(toCsv(root, [{ file: 'a.md', data: data('Ada') }])).toBe(
      'file,name,n,ok,who.email,tags\r\na.md,Ada,-1.5,false,,"[""a"",""b""]"\r\n',
    )
  })

  it.each([
    ["=cmd|' /C calc'!A0", `"'=cmd|' /C calc'!A0"`],
    ['=1+1', '"\'=1+1"'],
    ['+491234', '"\'+491234"'],
    ['-2+3', '"\'-2+3"'],
    ['@SUM(A1)', '"\'@SUM(A1)"'],
    ['\t=1', '"\'\t=1"'],
    ['\r=1', '"\'\r=1"'],
    ['  =1', '"\'  =1"'],
    ['＝1', '"\'＝1"'],
    ['plain - text', 'plain - text'],
    ['a "quoted", text\nwith lines', '"a ""quoted"", text\nwith lines"'],
  ])('gives a spreadsheet nothing to run: %s', (name, cell) => {
    expect(toCsv(root, [{ file: 'a.md', data: data(name) }])).toBe(
      `file,name,n,ok,who.email,tags\r\na.md,${cell},-1.5,false,,"[""a"",""b""]"\r\n`,
    )
  })

  it('also guards the name of the file', () => {
    expect(toCsv(root, [{ file: '=evil.md', data: data(null) }])).toContain('\r\n"\'=evil.md",')
  })
})
