/** Which comes first in 03/04/2026. */
export type DayOrder = 'day-first' | 'month-first'

/** Finds the order that the numeric dates of a text agree on; undefined where none shows it, or they differ. */
export function findDayOrder(text: string): DayOrder | undefined {
  const orders = new Set<DayOrder>()
  for (const [, first = '', , second = ''] of text.matchAll(NUMERIC)) {
    if (Number(first) > 12 && Number(second) <= 12) orders.add('day-first')
    if (Number(second) > 12 && Number(first) <= 12) orders.add('month-first')
  }
  return orders.size === 1 ? [...orders][0] : undefined
}

const NUMERIC = /(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d/-])/g
