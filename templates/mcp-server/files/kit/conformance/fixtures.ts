import { completable, type GetPromptResult, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { PNG, registerContentTools } from './content.ts'
import { registerAskingTools, STATE } from './input-required.ts'

/**
 * A server with the tools, resources and prompts that the conformance suite calls by name. It has no notes:
 * it shows that this repo's endpoint, transport and SDK do what the protocol requires.
 */
export function createFixtureServer(): McpServer {
  const server = new McpServer(
    { name: 'conformance-fixtures', version: '0.1.0' },
    {
      capabilities: {
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { listChanged: true, subscribe: true },
        logging: {},
      },
      requestState: { verify: STATE.verify },
    },
  )
  registerContentTools(server)
  registerAskingTools(server)
  registerFixtureResources(server)
  registerFixturePrompts(server)
  return server
}

function registerFixtureResources(server: McpServer): void {
  const text = 'This is the content of the static text resource.'
  server.registerResource('static-text', 'test://static-text', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text }],
  }))
  server.registerResource('static-binary', 'test://static-binary', { mimeType: 'image/png' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'image/png', blob: PNG }],
  }))
  server.registerResource('watched', 'test://watched-resource', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: 'Watched' }],
  }))
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined })
  server.registerResource('template', template, { mimeType: 'application/json' }, ({ href }, { id }) => ({
    contents: [
      {
        ...{ uri: href, mimeType: 'application/json' },
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
      },
    ],
  }))
  // A subscription would live in a session, and there are none: the server accepts and forgets it.
  server.server.setRequestHandler('resources/subscribe', () => ({}))
  server.server.setRequestHandler('resources/unsubscribe', () => ({}))
}

type Content = GetPromptResult['messages'][number]['content']

function prompt(...contents: Content[]): GetPromptResult {
  return { messages: contents.map((content) => ({ role: 'user', content })) }
}

const FIXTURE = 'A fixture of the conformance suite'

function registerFixturePrompts(server: McpServer): void {
  const createText = (text: string): Content => ({ type: 'text', text })
  server.registerPrompt('test_simple_prompt', { description: FIXTURE }, () =>
    prompt(createText('This is a simple prompt for testing.')),
  )
  const arg1 = completable(z.string(), (typed) =>
    ['paris', 'park', 'party'].filter((word) => word.startsWith(typed)),
  )
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: FIXTURE, argsSchema: z.object({ arg1, arg2: z.string() }) },
    (given) => prompt(createText(`Prompt with arguments: arg1='${given.arg1}', arg2='${given.arg2}'`)),
  )
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: FIXTURE, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) => {
      const text = 'Embedded resource content for testing.'
      const resource: Content = { type: 'resource', resource: { uri, mimeType: 'text/plain', text } }
      return prompt(resource, createText('Please process the embedded resource above.'))
    },
  )
  server.registerPrompt('test_prompt_with_image', { description: FIXTURE }, () =>
    prompt(
      { type: 'image', data: PNG, mimeType: 'image/png' },
      createText('Please analyze the image above.'),
    ),
  )
}
