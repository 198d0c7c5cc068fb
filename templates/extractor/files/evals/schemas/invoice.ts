import * as z from 'zod'

/** A second schema of another kind, so that the evals do not measure how well the rules fit the first one. */
export const schema = z.object({
  number: z.string().nullable().describe('invoice number, invoice no'),
  issued: z.iso.date().nullable().describe('invoice date, date of issue, issued on'),
  due: z.iso.date().nullable().describe('due date, payment due, payable by'),
  vendor: z.string().nullable().describe('vendor, supplier, seller, from'),
  customer: z.string().nullable().describe('customer, bill to, billed to'),
  currency: z.enum(['EUR', 'USD', 'GBP', 'CHF']).nullable().describe('currency'),
  subtotal: z.number().nullable().describe('subtotal, net amount'),
  tax: z.number().nullable().describe('tax, VAT amount'),
  total: z.number().nullable().describe('total, total due, amount due, grand total'),
  purchaseOrder: z.string().nullable().describe('purchase order, PO number'),
  paid: z.boolean().nullable().describe('paid: whether it is paid already'),
  phone: z.e164().nullable().describe('phone'),
  lines: z
    .array(
      z.object({
        description: z.string().describe('description, item'),
        quantity: z.number().nullable().describe('quantity, qty'),
        amount: z.number().nullable().describe('amount, price'),
      }),
    )
    .describe('line items, positions'),
})
