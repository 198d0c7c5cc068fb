import type {
  Attributes,
  AttributeValue,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api'

/** What is known when a span starts. */
export interface SpanBeginning {
  name: string
  kind: SpanKind
  spanContext: SpanContext
  parentSpanId: string | undefined
  attributes: Attributes
  links: readonly Link[]
  startTime: TimeInput | undefined
}

interface SpanEvent {
  name: string
  /** Milliseconds since 1970. */
  at: number
  attributes: Attributes
}

/** How many attributes, events and links a span keeps: the default of OpenTelemetry's specification. */
const MOST = 128

/** A span in memory. `onEnd` receives it when it ends; later changes are ignored. */
export class RecordedSpan implements Span {
  readonly kind: SpanKind
  readonly parentSpanId: string | undefined
  readonly startedAt: number
  endedAt: number | undefined
  name: string
  status: SpanStatus = { code: 0 }
  readonly attributes: Attributes = {}
  readonly events: SpanEvent[] = []
  readonly links: Link[]
  readonly #context: SpanContext
  readonly #onEnd: (span: RecordedSpan) => void

  constructor(beginning: SpanBeginning, onEnd: (span: RecordedSpan) => void) {
    this.name = beginning.name
    this.kind = beginning.kind
    this.parentSpanId = beginning.parentSpanId
    this.startedAt = toMs(beginning.startTime)
    this.links = beginning.links.slice(0, MOST)
    this.#context = beginning.spanContext
    this.#onEnd = onEnd
    this.setAttributes(beginning.attributes)
  }

  spanContext(): SpanContext {
    return this.#context
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    const isKept = Object.hasOwn(this.attributes, key) || Object.keys(this.attributes).length < MOST
    if (this.isRecording() && value !== undefined && isKept) this.attributes[key] = value
    return this
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value)
    return this
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    const isTime = isTimeInput(attributesOrTime)
    const at = toMs(isTime ? attributesOrTime : time)
    const attributes = isTime ? {} : (attributesOrTime ?? {})
    if (this.isRecording() && this.events.length < MOST) this.events.push({ name, at, attributes })
    return this
  }

  addLink(link: Link): this {
    return this.addLinks([link])
  }

  addLinks(links: Link[]): this {
    if (this.isRecording()) this.links.push(...links.slice(0, MOST - this.links.length))
    return this
  }

  setStatus(status: SpanStatus): this {
    if (this.isRecording()) this.status = status
    return this
  }

  updateName(name: string): this {
    if (this.isRecording()) this.name = name
    return this
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const { name, message, stack } = typeof exception === 'string' ? { message: exception } : exception
    const attributes = { 'exception.type': name, 'exception.message': message, 'exception.stacktrace': stack }
    this.addEvent('exception', attributes, time)
  }

  isRecording(): boolean {
    return this.endedAt === undefined
  }

  end(time?: TimeInput): void {
    if (this.endedAt !== undefined) return
    this.endedAt = Math.max(this.startedAt, toMs(time))
    this.#onEnd(this)
  }
}

function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || Array.isArray(value) || value instanceof Date
}

/**
 * Milliseconds since 1970, with fractions. No time means now. A number before `performance.timeOrigin` counts
 * from the start of the process, as `performance.now()` does.
 */
function toMs(time: TimeInput | undefined): number {
  const { timeOrigin } = performance
  if (time === undefined) return timeOrigin + performance.now()
  if (time instanceof Date) return time.getTime()
  if (Array.isArray(time)) return time[0] * 1e3 + time[1] / 1e6
  return time < timeOrigin ? timeOrigin + time : time
}
