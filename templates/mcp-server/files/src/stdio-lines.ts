import { Transform } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { INVALID_REQUEST, PARSE_ERROR, parseJSONRPCMessage } from '@modelcontextprotocol/server'

/** More than any call of ours can be; a client that sends more is answered, and costs no more memory than this. */
const MAX_LINE = 4 * 1024 * 1024

/**
 * Lets lines through that are messages of the protocol. What is none is answered with the error that JSON-RPC has for it, and the connection goes on: the SDK's transport would
 * say nothing, and its client would wait.
 */
export function messageLines(answer: (line: string) => void, maxLine = MAX_LINE): Transform {
  const decoder = new StringDecoder('utf8')
  let line = ''
  let isTooLong = false
  const end = (stream: Transform) => {
    const refusal = isTooLong
      ? refused(PARSE_ERROR, `A message is longer than ${maxLine} characters`)
      : refusalOf(line)
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
      // A last line that was never ended is a message that was never sent.
      done()
    },
  })
}

/** What to answer to a line that is no message; undefined when it is one, or blank. */
function refusalOf(line: string): string | undefined {
  if (line.trim() === '') return undefined
  const message = parsed(line)
  if (message === undefined) return refused(PARSE_ERROR, 'This line is not JSON')
  try {
    parseJSONRPCMessage(message.value)
    return undefined
  } catch {
    return refused(INVALID_REQUEST, 'This is not a JSON-RPC 2.0 message')
  }
}

function parsed(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) }
  } catch {
    return undefined
  }
}

function refused(code: number, message: string): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } })}\n`
}
