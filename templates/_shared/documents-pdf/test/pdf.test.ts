import { afterAll, describe, expect, it } from 'vitest'
import { readPdf } from '#kit/documents/pdf'
import { documentFolder, pdfOf } from './reading.ts'

const { problem, read, remove } = documentFolder()
afterAll(remove)

const line = (text: string, y: number) => `BT /F1 12 Tf 1 0 0 1 72 ${y} Tm (${text}) Tj ET\n`

describe('a PDF', () => {
  it('is the text of its pages, each below its number', async () => {
    const first =
      line('How to roll back a re-', 700) + line('lease, step by step.', 686) + line('# Next paragraph', 650)
    const pdf = pdfOf([first, '', line('The end', 700)], '/Info << /Title (Roll back) >>')
    expect(await read('a.pdf', pdf)).toEqual({
      name: 'a.pdf',
      title: 'Roll back',
      metadata: { pages: 3 },
      text: '## Page 1\n\nHow to roll back a release, step by step.\n\n\\# Next paragraph\n\n## Page 3\n\nThe end',
    })
  })

  it.each([
    ['damaged', '%PDF-1.7 and nothing else', /^a damaged PDF \(/],
    ['something else', 'PK\u0003\u0004', /^not a PDF$/],
    ['cut in half', pdfOf([line('text', 700)]).subarray(0, 300), /^a damaged PDF|^no text/],
    ['without text', pdfOf(['', '0 0 100 100 re f']), /^no text, only pictures: run OCR over it first$/],
    [
      'encrypted',
      pdfOf(
        [line('text', 700)],
        `/Encrypt << /Filter /Standard /V 1 /R 2 /O (${'a'.repeat(32)}) /U (${'b'.repeat(32)}) /P -4 >> /ID [(0123456789abcdef)(0123456789abcdef)]`,
      ),
      /^encrypted: it asks for a password$/,
    ],
  ])('that is %s has a reason', async (_, content, reason) => {
    expect(await problem('a.pdf', typeof content === 'string' ? content : new Uint8Array(content))).toMatch(
      reason,
    )
  })

  it('that leaves an unhandled rejection does not end the process', async () => {
    const whole = pdfOf([line('First', 700), line('Second', 700)]).toString('latin1')
    const damaged = whole.replace('/Count', '/C').replace('6 0 obj', '6 x obj')
    expect(await problem('a.pdf', Buffer.from(damaged, 'latin1'))).toMatch(/^a damaged PDF/)
  })

  it('stops when it is told to', async () => {
    const pdf = pdfOf(Array.from({ length: 200 }, (_, page) => line(`Page ${page}`, 700)))
    const controller = new AbortController()
    const stopped = new Error('Stopped')
    setTimeout(() => controller.abort(stopped), 5)
    await expect(readPdf(pdf, controller.signal).then(({ pages }) => pages)).rejects.toBe(stopped)
    await expect(readPdf(pdf, AbortSignal.abort(stopped))).rejects.toBe(stopped)
  })
})
