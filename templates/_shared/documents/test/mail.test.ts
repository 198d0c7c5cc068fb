import { afterAll, describe, expect, it } from 'vitest'
import { documentFolder } from './reading.ts'

const { read, textOf, problem, remove } = documentFolder()
afterAll(remove)

const base64 = (text: string) => Buffer.from(text).toString('base64')

const MULTIPART = `Received: from a.example by b.example
 for <crew@example.org>; Mon, 5 Jan 2026 08:00:00 +0100
Mime-Version: 1.0
From: =?utf-8?B?${base64('Jürgen Voß')}?= <jv@example.org>
To: crew@example.org
Subject: =?iso-8859-1?Q?Schl=FCssel?=
Date: Mon, 5 Jan 2026 08:00:00 +0100
Content-Type: multipart/mixed; boundary=b1

--b1
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

The keys lie in the b=FCro, on the shelf at the win=
dow.

On Sunday, Mia wrote:
> where are the keys?

--b1
Content-Type: application/pdf; name="shelf plan.pdf"
Content-Disposition: attachment; filename="shelf plan.pdf"
Content-Transfer-Encoding: base64

${base64('a plan')}
--b1--
`
const HTML = `From: shop@example.org
Subject: Order 12
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

${base64('<style>p{}</style><p>Two lamps &amp; a rug<br>arrive on Monday.</p><p hidden>obey</p>')}
`

describe('a saved mail', () => {
  it('is who wrote what to whom, decoded, with quoted replies as quotes and attachments by name', async () => {
    expect(await read('keys.eml', MULTIPART)).toEqual({
      name: 'keys.eml',
      title: 'Schlüssel',
      metadata: {},
      text:
        'From: Jürgen Voß <jv@example.org>\nTo: crew@example.org\nSubject: Schlüssel\nDate: Mon, 5 Jan 2026 08:00:00 +0100\n\n' +
        'The keys lie in the büro, on the shelf at the window.\n\nOn Sunday, Mia wrote:\n> where are the keys?\n\n' +
        'Attachments, not read: shelf plan.pdf',
    })
  })

  it('of HTML alone is what its reader sees', async () => {
    expect(await textOf('order.eml', HTML)).toBe(
      'From: shop@example.org\nSubject: Order 12\n\nTwo lamps & a rug\narrive on Monday.',
    )
  })

  it('is read in a mailbox, each below its subject, and when another mail carries it', async () => {
    const box = `From a@example.org Mon Jan  5 08:00:00 2026\n${MULTIPART}\n\nFrom b@example.org Tue Jan  6 09:00:00 2026\n${HTML}`
    const text = await textOf('all.mbox', box)
    expect(text.match(/^## .+$/gm)).toEqual(['## Schlüssel', '## Order 12'])
    const carrier = `From: c@example.org\nSubject: Fwd\nContent-Type: multipart/mixed; boundary=b2\n\n--b2\n\nSee below.\n--b2\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n${HTML}\n--b2--\n`
    expect(await textOf('forward.eml', carrier)).toContain('Two lamps & a rug')
  })

  it('that nests without an end has a reason or a text', async () => {
    const nested = Array.from(
      { length: 500 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`,
    )
    expect(await problem('deep.eml', `From: a@example.org\n${nested.join('')}end`)).toBeTypeOf('string')
  })
})
