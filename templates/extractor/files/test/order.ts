import * as z from 'zod'

/** A schema that this repository has never heard of, with every kind of field, and a document for it. */
export const order = z.object({
  orderNumber: z.string(),
  placedOn: z.iso.date().nullable(),
  express: z.boolean().nullable().describe('express delivery'),
  priority: z.enum(['low', 'normal', 'high']).nullable(),
  weightKg: z.number().positive().nullable().describe('total weight'),
  tags: z.array(z.string()),
  shipping: z.object({
    address: z.string().nullable().describe('ship to'),
    phone: z.e164().nullable().describe('contact phone'),
  }),
  articles: z.array(
    z.object({ article: z.string(), pieces: z.int().nullable(), unitPrice: z.number().nullable() }),
  ),
  coupon: z.string().nullable(),
})
/** The name that `--schema` looks for. */
export { order as schema }

export const orderText = `From: Orders <orders@brickmart.example>
Date: Mon, 12 Jan 2026 10:04:00 +0000

Dear Velo GmbH,

Order number: 88123
Placed on: 12 January 2026
Express delivery: yes
Priority: High
Ship to: Hafenstr. 12, 20457 Hamburg
Contact phone: +49 40 3191 0555

Article | Pieces | Unit price
--- | --- | ---
Brake pad | 40 | 3.20
Chain 116 | 1,200 | 14.75

Tags: bikes, parts, urgent
Total weight: 31.5 kg
`

/** What the document says. */
export const orderData = {
  orderNumber: '88123',
  placedOn: '2026-01-12',
  express: true,
  priority: 'high',
  weightKg: 31.5,
  tags: ['bikes', 'parts', 'urgent'],
  shipping: { address: 'Hafenstr. 12, 20457 Hamburg', phone: '+494031910555' },
  articles: [
    { article: 'Brake pad', pieces: 40, unitPrice: 3.2 },
    { article: 'Chain 116', pieces: 1200, unitPrice: 14.75 },
  ],
  coupon: null,
}

const said = (quote: string, value: unknown = quote) => [{ quote, value }]

/** The same as a model answers it. */
export const orderAnswer = {
  orderNumber: said('88123'),
  placedOn: said('Placed on: 12 January 2026', '2026-01-12'),
  express: said('Express delivery: yes', true),
  priority: said('Priority: High', 'high'),
  weightKg: said('31.5 kg', 31.5),
  tags: [...said('bikes'), ...said('parts'), ...said('urgent')],
  shipping: {
    address: said('Ship to: Hafenstr. 12, 20457 Hamburg', 'Hafenstr. 12, 20457 Hamburg'),
    phone: said('+49 40 3191 0555', '+494031910555'),
  },
  articles: [
    { article: said('Brake pad'), pieces: said('40', 40), unitPrice: said('3.20', 3.2) },
    { article: said('Chain 116'), pieces: said('1,200', 1200), unitPrice: said('14.75', 14.75) },
  ],
  coupon: [],
}
