import { Transform } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { INVALID_REQUEST, PARSE_ERROR, parseJSONRPCMessage } from '@modelcontextprotocol/server'
import { removeNullParams } from './left-out.ts'

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
    const read = isTooLong
      ? refuse(PARSE_ERROR, `A message is longer than ${maxLine} characters`)
      : readMessage(line)
    if ('refusal' in read) answer(read.refusal)
    else if (read.message.trim() !== '') stream.push(`${read.message}\n`)
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
      // A last line without its line break counts if it is whole; the beginning of a message was never sent.
      if (tryParseMessage(line) !== undefined) end(this)
      done()
    },
  })
}

type ReadLine = { message: string } | { refusal: string }

/** The message of a line, without parameters that are null, or the error for a line that is none. */
function readMessage(line: string): ReadLine {
  if (line.trim() === '') return { message: '' }
  const parsed = tryParseMessage(line)
  if (parsed === undefined) return refuse(PARSE_ERROR, 'This line is not JSON')
  try {
    const message = removeNullParams(parsed.value)
    parseJSONRPCMessage(message)
    return { message: message === parsed.value ? line : JSON.stringify(message) }
  } catch {
    return refuse(INVALID_REQUEST, 'This is not a JSON-RPC 2.0 message')
  }
}

function tryParseMessage(line: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) }
  } catch {
    return undefined
  }
}

function refuse(code: number, message: string): ReadLine {
  return { refusal: `${JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } })}\n` }
}
