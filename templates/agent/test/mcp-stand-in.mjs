// An MCP server of the 2025 era in a few lines, over stdio or, with a port and a token, over HTTP. Nothing of an SDK is in it, so that it tests the wire.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

let launches = 0
const tools = [
  {
    name: 'find_note',
    description: 'Finds a note by its words.',
    inputSchema: { type: 'object', properties: { words: { type: 'string' } }, required: ['words'] },
    annotations: { readOnlyHint: true },
  },
  {
    name: 'launch',
    description: 'Launches the ship.',
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: true },
  },
]

function answer({ id, method, params }) {
  if (id === undefined) return undefined
  const result = (value) => ({ jsonrpc: '2.0', id, result: value })
  switch (method) {
    case 'initialize':
      return result({
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'stand-in', version: '1' },
      })
    case 'tools/list':
      return result({ tools })
    case 'tools/call':
      if (params.name === 'launch')
        return result({ content: [{ type: 'text', text: `launched ${++launches}` }] })
      if (typeof params.arguments?.words !== 'string')
        return result({ content: [{ type: 'text', text: 'words must be a text' }], isError: true })
      return result({
        content: [
          {
            type: 'text',
            text: `note about ${params.arguments.words}, secret ${process.env.OF_THIS_PROCESS_ALONE ?? 'unknown'}`,
          },
        ],
      })
    default:
      return { jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } }
  }
}

const [port, token, transport] = process.argv.slice(2)
if (port === undefined) {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const reply = answer(JSON.parse(line))
    if (reply) process.stdout.write(`${JSON.stringify(reply)}\n`)
  })
} else if (transport === 'sse') {
  // The transport of 2024-11-05: answers go through one stream, whose first event names where to post.
  let stream
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end()
    if (request.method === 'GET' && request.url === '/sse') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' })
      return stream.write('event: endpoint\ndata: /messages?session=1\n\n')
    }
    if (request.method !== 'POST' || request.url !== '/messages?session=1')
      return response.writeHead(404).end('<!DOCTYPE html><pre>Cannot POST</pre>')
    let body = ''
    for await (const chunk of request) body += chunk
    const reply = answer(JSON.parse(body))
    response.writeHead(202).end()
    if (reply) stream.write(`event: message\ndata: ${JSON.stringify(reply)}\n\n`)
  }).listen(Number(port), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
} else {
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end()
    if (request.method !== 'POST') return response.writeHead(405).end()
    let body = ''
    for await (const chunk of request) body += chunk
    const reply = answer(JSON.parse(body))
    if (reply === undefined) return response.writeHead(202).end()
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
  }).listen(Number(port), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
}
