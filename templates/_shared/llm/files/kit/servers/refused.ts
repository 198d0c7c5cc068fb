import { isRecord } from '#kit/console/json'
import type { Fetch } from '../llm/fetch.ts'
import { parseFields } from './answers.ts'
import type { Fields } from './repair.ts'
import { findServerWords } from './words.ts'

interface Extra {
  /** How a refusal names it. */
  named: RegExp
  /** The request without it; undefined: it is not in there. */
  leaveOut: (body: Fields) => Fields | undefined
}

const omit =
  (...fields: string[]) =>
  (body: Fields): Fields | undefined => {
    const rest = Object.entries(body).filter(([field]) => !fields.includes(field))
    return rest.length === Object.keys(body).length ? undefined : Object.fromEntries(rest)
  }

/** A limit is never left out: it is what keeps an answer affordable. */
const rename =
  (from: string, to: string) =>
  ({ [from]: value, ...rest }: Fields): Fields | undefined =>
    value === undefined || to in rest ? undefined : { ...rest, [to]: value }

/** Extras of a request that an answer does not depend on, and what a request looks like without each. */
const EXTRAS: Record<string, Extra> = {
  ...Object.fromEntries(
    [
      ...['stream_options', 'temperature', 'top_p', 'top_k', 'seed', 'frequency_penalty', 'presence_penalty'],
      ...[
        'parallel_tool_calls',
        'reasoning_effort',
        'verbosity',
        'service_tier',
        'user',
        'store',
        'metadata',
      ],
    ].map((field): [string, Extra] => [
      field,
      { named: new RegExp(`\\b${field}\\b`), leaveOut: omit(field) },
    ]),
  ),
  max_tokens: { named: /\bmax_tokens\b/, leaveOut: rename('max_tokens', 'max_completion_tokens') },
  max_completion_tokens: {
    named: /\bmax_completion_tokens\b/,
    leaveOut: rename('max_completion_tokens', 'max_tokens'),
  },
  response_format: {
    named: /response_?format|json_?schema|json_?object|structured.?output/i,
    leaveOut: askInWords,
  },
  strict: { named: /\bstrict\b/, leaveOut: relaxTools },
  ...Object.fromEntries(
    ['reasoning_content', 'reasoning_details', 'reasoning', 'extra_content'].map((field): [string, Extra] => [
      `messages.${field}`,
      { named: new RegExp(`\\b${field}\\b`), leaveOut: omitFromMessages(field) },
    ]),
  ),
}

const REFUSES =
  /support|recogni[sz]ed|unknown|unexpected|permitted|allowed|unavailable|not available|not implemented|extra_|extra (?:input|field|param|body)|additional propert|deprecated|incompatible|invalid|must be|only the default|cannot|can't|no longer|forbidden|does not (?:exist|accept)/i
/** The parameter is taken or wanted, its value is not: that is the caller's to correct. */
const MISTAKES =
  /missing|required|passed back|\btoo (?:large|small|high|low|long|big)|(?:less|greater|larger|smaller|higher) than|at (?:most|least)|between|exceed|maximum|<=|>=/i
const STATUSES = [400, 404, 422, 500, 501]
const MOST_TRIES = 6

/**
 * Wraps `fetch` to ask again without an extra that the server refuses by name, and never to send it again
 * once that worked; `report` then gets one line. Any other refusal stays.
 */
export function leaveOutRefused(fetch: Fetch, report: (line: string) => void = () => {}): Fetch {
  const refused: string[] = []
  return async (input, init) => {
    const original = parseFields(init?.body)
    const known = refused.length
    const tried = [...refused]
    for (let tries = 1; ; tries++) {
      const body = tried.reduce((rest, name) => EXTRAS[name]?.leaveOut(rest) ?? rest, original)
      const response = await fetch(input, tried.length > 0 ? { ...init, body: JSON.stringify(body) } : init)
      if (response.ok) remember(tried.slice(known), refused, report)
      if (!STATUSES.includes(response.status) || tries >= MOST_TRIES) return response
      const text = await response.text()
      const fresh = findRefused(findServerWords(text) ?? '', text, body)
      if (fresh.length === 0) return new Response(text, response)
      tried.push(...fresh)
    }
  }
}

/** Another call may have found out in the meantime. */
function remember(fresh: readonly string[], refused: string[], report: (line: string) => void): void {
  const news = fresh.filter((name) => !refused.includes(name))
  if (news.length === 0) return
  refused.push(...news)
  report(`the server refuses ${news.join(' and ')}: this run goes on without, or in another form`)
}

/** The extras of this request that a refusal names. Its `param` counts as well as its words. */
function findRefused(words: string, text: string, body: Fields): string[] {
  const said = `${words} ${/"param"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? ''}`
  const isDefault = /only (?:the default|1\b)/i.test(said)
  if (!REFUSES.test(said) || (MISTAKES.test(said) && !isDefault)) return []
  return Object.entries(EXTRAS)
    .filter(([, { named, leaveOut }]) => named.test(said) && leaveOut(body) !== undefined)
    .map(([name]) => name)
}

/** Schema, then JSON of any kind, then text: each time with the schema in words, as the first one is gone. */
function askInWords(body: Fields): Fields | undefined {
  const { response_format: format, messages, ...rest } = body
  if (!isRecord(format)) return undefined
  if (format['type'] !== 'json_schema') return { ...rest, messages }
  const { schema } = isRecord(format['json_schema']) ? format['json_schema'] : {}
  const content = `Answer with JSON only, of this schema: ${JSON.stringify(schema)}`
  const asked = Array.isArray(messages) ? addOrder(messages, content) : messages
  return { ...rest, messages: asked, response_format: { type: 'json_object' } }
}

function addOrder(messages: readonly unknown[], order: string): unknown[] {
  const [first, ...others] = messages
  const isSystem = isRecord(first) && first['role'] === 'system' && typeof first['content'] === 'string'
  if (isSystem) return [{ ...first, content: `${first['content']}\n\n${order}` }, ...others]
  return [{ role: 'system', content: order }, ...messages]
}

function relaxTools({ tools, ...rest }: Fields): Fields | undefined {
  if (!Array.isArray(tools) || !JSON.stringify(tools).includes('"strict"')) return undefined
  const relaxed = tools.map((tool) => {
    const { strict: _, ...called } = isRecord(tool?.function) ? tool.function : {}
    return { ...tool, function: called }
  })
  return { ...rest, tools: relaxed }
}

function omitFromMessages(field: string) {
  return ({ messages, ...rest }: Fields): Fields | undefined => {
    if (!Array.isArray(messages)) return undefined
    const without = messages.map((message) =>
      isRecord(message) ? (omit(field)(message) ?? message) : message,
    )
    return without.every((message, index) => message === messages[index])
      ? undefined
      : { ...rest, messages: without }
  }
}
