import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface ReceivedSpan {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  attributes: Record<string, unknown>
  /** 2: error. */
  status: number
  durationMs: number
}

export interface Collector {
  url: string
  /** Request bodies, as received. */
  bodies: string[]
  headers: Record<string, unknown>[]
  spans(): ReceivedSpan[]
  resource(): Record<string, unknown>
}

type Value = { stringValue?: string; intValue?: number | string; arrayValue?: { values: Value[] } }
type Attribute = { key: string; value: Value }
type WireSpan = Omit<ReceivedSpan, 'attributes' | 'status' | 'durationMs'> & {
  attributes: Attribute[]
  status: { code?: number }
  startTimeUnixNano: string
  endTimeUnixNano: string
}
type Body = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: WireSpan[] }[] }[]
}

/** Starts an OTLP/JSON receiver on loopback. */
export async function startCollector(answer: 'ok' | 'silence' = 'ok'): Promise<Collector> {
  const bodies: string[] = []
  const headers: Record<string, unknown>[] = []
  const server = createServer(async (request, response) => {
    headers.push(request.headers)
    bodies.push(await text(request))
    if (answer === 'ok') response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the collector has no port')
  const received = () => bodies.flatMap((body) => (JSON.parse(body) as Body).resourceSpans)
  return {
    url: `http://127.0.0.1:${address.port}`,
    bodies,
    headers,
    spans: () => received().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(toSpan))),
    resource: () => toPlainAttributes(received()[0]?.resource.attributes ?? []),
  }
}

function toSpan({ attributes, status, startTimeUnixNano, endTimeUnixNano, ...span }: WireSpan): ReceivedSpan {
  const durationMs = Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6
  // A root span has an empty parent id.
  const parentSpanId = span.parentSpanId || undefined
  return {
    ...span,
    parentSpanId,
    attributes: toPlainAttributes(attributes),
    status: status.code ?? 0,
    durationMs,
  }
}

function toPlainAttributes(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, decodeAttribute(value)]))
}

function decodeAttribute(value: Value): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(decodeAttribute)
  return value.intValue === undefined ? Object.values(value)[0] : Number(value.intValue)
}
