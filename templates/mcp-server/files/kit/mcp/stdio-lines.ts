import { Transform } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { INVALID_REQUEST, PARSE_ERROR, parseJSONRPCMessage } from '@modelcontextprotocol/server'

/** Characters. Longer than any call of ours; a longer line gets an error, and is not kept in memory. */
const MAX_LINE = 4 * 1024 * 1024

/**
 * Passes on lines that are messages of the protocol. Any other line gets the error that JSON-RPC has for it,
 * and the connection stays open: the SDK's transport would not answer, and the client would wait.
 */
export function filterMessages(answer: (line: string) => void, maxLine = MAX_LINE): Transform {
  const decoder = new StringDecoder('utf8')
  let line = ''
  let isTooLong = false
  const end = (stream: Transform) => {
    const refusal = isTooLong
      ? formatError(PARSE_ERROR, `A message is longer than ${maxLine} characters`)
      : findRefusal(line)
    if (refusal !== undefined) answer(refusal)
    else if (line.trim() !== '') stream.push(`${line}\n`)
    line = ''
    isTooLong = false
  }
  const take = (stream: Transform, text: string) => {
    const [first = '', ...others] = text.split('\n')
    add(first)
    for (const next of others) {
      end(stream)
      add(next)
    }
  }
  const add = (text: string) => {
    isTooLong ||= line.length + text.length > maxLine
    line = isTooLong ? '' : line + text
  }
  return new Transform({
    transform(chunk: Buffer, _, done) {
      take(this, decoder.write(chunk))
      done()
    },
    flush(done) {
      // A last line without its line break is a message that was never sent.
      done()
    },
  })
}

/** The error for a line that is not a message; undefined for a message, and for a blank line. */
function findRefusal(line: string): string | undefined {
  if (line.trim() === '') return undefined
  const message = tryParseMessage(line)
  if (message === undefined) return formatError(PARSE_ERROR, 'This line is not JSON')
  try {
    parseJSONRPCMessage(message.value)
    return undefined
  } catch {
    return formatError(INVALID_REQUEST, 'This is not a JSON-RPC 2.0 message')
  }
}

function tryParseMessage(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) }
  } catch {
    return undefined
  }
}

function formatError(code: number, message: string): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } })}\n`
}
