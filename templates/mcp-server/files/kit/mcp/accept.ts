import { parseAccept } from 'hono/utils/accept'

const JSON_TYPE = 'application/json'
const STREAM_TYPE = 'text/event-stream'

/** The two forms of an answer, and which of them a client takes. */
export interface Accepted {
  json: boolean
  stream: boolean
}

/**
 * Reads an Accept header as HTTP says (RFC 9110 12.5.1): the most specific range counts, q=0 refuses, and no
 * header accepts everything.
 */
function readAccept(header: string | null): Accepted {
  const ranges = header?.trim() ? parseAccept(header) : [{ type: '*/*', params: {}, q: 1 }]
  const accepts = (type: string) => {
    const [main] = type.split('/')
    const fitting = [type, `${main}/*`, '*/*'].map((wanted) =>
      ranges.find((range) => range.type.toLowerCase() === wanted),
    )
    return (fitting.find((range) => range !== undefined)?.q ?? 0) > 0
  }
  return { json: accepts(JSON_TYPE), stream: accepts(STREAM_TYPE) }
}

/** Headers for the SDK, which looks for both types by name, where the client takes one of them. */
export function nameBothTypes(headers: Headers, { json, stream }: Accepted): Headers {
  const named = new Headers(headers)
  if (json || stream) named.set('accept', `${JSON_TYPE}, ${STREAM_TYPE}`)
  return named
}

/** What this request can be answered with: a stream of changes has no end to put into JSON. */
export function readAcceptedForms(request: Request): Accepted {
  const accepted = readAccept(request.headers.get('accept'))
  const isEndless = request.headers.get('mcp-method') === 'subscriptions/listen'
  return isEndless ? { ...accepted, stream: true } : accepted
}

/** The response in a form that the client takes. Notifications before an answer have no place in JSON. */
export async function convertResponse(response: Response, { json, stream }: Accepted): Promise<Response> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === STREAM_TYPE && json && !stream) {
    const answers = listAnswers(await response.text())
    return replaceBody(response, JSON_TYPE, JSON.stringify(answers.length === 1 ? answers[0] : answers))
  }
  if (type === JSON_TYPE && stream && !json && response.ok)
    return replaceBody(response, STREAM_TYPE, `event: message\ndata: ${await response.text()}\n\n`)
  return response
}

function replaceBody({ status, headers }: Response, type: string, body: string): Response {
  const changed = new Headers(headers)
  changed.set('content-type', type)
  changed.delete('content-length')
  return new Response(body, { status, headers: changed })
}

/** The messages of an event stream that answer a request. The SDK writes each as one line of data. */
function listAnswers(events: string): unknown[] {
  return events
    .split(/\r?\n/)
    .filter((line) => /^data: *\S/.test(line))
    .map((line): unknown => JSON.parse(line.slice('data:'.length)))
    .filter((message) => typeof message === 'object' && message !== null && !('method' in message))
}
