import type { RunEvent } from '../run/events.ts'
import { traceText } from './text.ts'

export function tracePage(events: readonly RunEvent[]): string {
  return `<pre>${traceText(events)}</pre>`
}
