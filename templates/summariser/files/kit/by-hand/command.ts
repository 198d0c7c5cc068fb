import { once } from 'node:events'
import { parseArguments } from '#kit/console/options'
import { toPrintable } from '#kit/console/printable'
import { type Io, write } from '#kit/console/process'
import { estimateTokens } from '#kit/llm/tokens'
import { SERVER_RULE, startWordServer } from './server.ts'

interface ShownEvent {
  choices: { delta: { content?: string | null } }[]
  usage?: { prompt_tokens: number; completion_tokens: number } | null
}

/** The functions of src/ask.ts. */
export interface ByHand {
  writeChatRequest(question: { url: string; model: string; prompt: string }): Request
  streamChatEvents(request: Request): AsyncIterable<ShownEvent>
}

const OPTIONS = {
  url: { type: 'string' },
  model: { type: 'string', default: 'scripted' },
  serve: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const HELP = `Usage: npm run ask -- [options] [PROMPT]

  --url URL      ask this server, such as http://127.0.0.1:11434/v1; it gets no key (a server of this command)
  --model NAME   name this model in the request (scripted)
  --serve        only start the server of this command, to ask it with curl
  --help         show this text

Shows the request as it is sent, and each event of the answer as it comes.
Exit codes: 0 done, 1 failed, 2 usage, 130 stopped with Ctrl-C.
`

const PROMPT = 'four pier from nine at leaves ferry The'

/**
 * Runs `npm run ask`: one call with nothing but the two functions. Throws a `UsageError`, the signal's reason, or
 * what the functions throw.
 */
export async function runByHand(args: readonly string[], io: Io, byHand: ByHand): Promise<void> {
  const { values, positionals } = parseArguments(args, OPTIONS)
  if (values.help) return write(io.stdout, HELP)
  const prompt = positionals.join(' ') || PROMPT
  if (values.url !== undefined) return showCall({ url: values.url, model: values.model, prompt }, io, byHand)
  const server = await startWordServer({ delayMs: 120 })
  try {
    await write(io.stdout, `${SERVER_RULE}\n\n`)
    if (values.serve) return await serveUntilStopped(server.url, io)
    await showCall({ url: server.url, model: values.model, prompt }, io, byHand)
  } finally {
    await server.close()
  }
}

async function serveUntilStopped(url: string, { stdout, signal }: Io): Promise<void> {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'two one' }] })
  await write(
    stdout,
    `Ask it, and see the answer as it is sent:\n\n  curl -N ${url}/chat/completions -d '${body}'\n\nCtrl-C stops it.\n`,
  )
  if (!signal.aborted) await once(signal, 'abort')
}

async function showCall(
  question: Parameters<ByHand['writeChatRequest']>[0],
  { stdout, signal }: Io,
  { writeChatRequest, streamChatEvents }: ByHand,
): Promise<void> {
  const print = (text: string) => write(stdout, `${toPrintable(text)}\n`)
  const request = writeChatRequest(question)
  await print(`The request as it is sent:\n\n${await describeRequest(request)}\n\nThe events as they come:\n`)
  const startedAt = performance.now()
  let answer = ''
  for await (const event of streamChatEvents(new Request(request, { signal }))) {
    const text = event.choices[0]?.delta.content ?? ''
    answer += text
    const ms = `${Math.round(performance.now() - startedAt)} ms`.padStart(8)
    await print(`${ms}  ${countTokens(text).padEnd(9)}  ${JSON.stringify(event)}`)
    if (event.usage) await print(`\nThe answer: ${answer}\n${describeUsage(event.usage)}`)
  }
  await print(`\n${WHAT_IS_MISSING}`)
}

async function describeRequest(request: Request): Promise<string> {
  const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`)
  const text = await request.clone().text()
  return [`${request.method} ${request.url}`, ...headers, '', indentJson(text)].join('\n')
}

function indentJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text // shown as it is sent
  }
}

/** Estimated; what the server counted comes with the last event. */
function countTokens(text: string): string {
  if (text === '') return ''
  const tokens = estimateTokens(text)
  return `~${tokens} token${tokens === 1 ? '' : 's'}`
}

function describeUsage({ prompt_tokens, completion_tokens }: NonNullable<ShownEvent['usage']>): string {
  return `The tokens as the server counted them: ${prompt_tokens} in, ${completion_tokens} out`
}

const WHAT_IS_MISSING = `That was the whole of it. What npm start has on top is in kit/llm/:
  settings.ts    keys, which never reach a log, and the provider that the environment selects
  model.ts       the formats of other providers, which name and nest all of this differently
  resilience.ts  deadlines, and retries that wait as long as the server asks
  answer.ts      an answer that was cut off at a limit, or filtered, is an error, not a success
  metered.ts     tokens, cost and time of every call, failed ones too
  ceiling.ts     a limit on what a run may cost`
