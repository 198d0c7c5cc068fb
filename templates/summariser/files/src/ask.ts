// One call of a model with nothing but `fetch`: what every library does below. `npm run ask` shows it at work.

export interface ChatQuestion {
  /** Where the API starts, such as http://127.0.0.1:11434/v1. */
  url: string
  model: string
  prompt: string
}

/** One event of a streamed answer. The server sends more fields; these are those that count. */
export interface ChatEvent {
  choices: { delta: { content?: string | null }; finish_reason: string | null }[]
  /** In the last event only, whose `choices` is empty. */
  usage?: { prompt_tokens: number; completion_tokens: number } | null
}

/**
 * Returns the request for one streamed answer, not sent yet: a POST to `<url>/chat/completions` with the header
 * `content-type: application/json` and this JSON as its body:
 * `{ model, messages: [{ role: 'user', content: prompt }], stream: true, stream_options: { include_usage: true } }`.
 */
export function writeChatRequest({ url, model, prompt }: ChatQuestion): Request {
  const messages = [{ role: 'user', content: prompt }]
  return new Request(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages, stream: true, stream_options: { include_usage: true } }),
  })
}

/**
 * Sends the request and yields each event of the answer as soon as it is there. In the body every event is a
 * line `data: <JSON>`; the line `data: [DONE]` ends the answer, and any other line means nothing. The body comes
 * in chunks, and a chunk may end anywhere: within a line, or within a character of several bytes.
 *
 * Throws an Error with the status and the text of the body when the status is not 2xx, and an Error when the
 * body ends before `[DONE]`. Leaving the loop early closes the connection.
 */
export async function* streamChatEvents(request: Request): AsyncGenerator<ChatEvent> {
  const response = await fetch(request)
  if (!response.ok || response.body === null)
    throw new Error(`the server answered ${response.status}: ${await response.text()}`)
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.filter((one) => one.startsWith('data:'))) {
      const data = line.slice('data:'.length).trim()
      if (data === '[DONE]') return
      yield JSON.parse(data)
    }
  }
  throw new Error('the answer broke off: its body ended before [DONE]')
}
