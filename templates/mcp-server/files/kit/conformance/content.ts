import { setTimeout as sleep } from 'node:timers/promises'
import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'

/** One pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQSFgAAAHEASFiX4r9AAAAAElFTkSuQmCC'
/** One sample of silence. */
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA=='

const IMAGE = { type: 'image', data: PNG, mimeType: 'image/png' } as const

const CONTENT: Readonly<Record<string, CallToolResult['content']>> = {
  test_simple_text: [{ type: 'text', text: 'This is a simple text response for testing.' }],
  test_image_content: [IMAGE],
  test_audio_content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  test_embedded_resource: [
    createEmbeddedResource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
  ],
  test_multiple_content_types: [
    { type: 'text', text: 'Multiple content types test:' },
    IMAGE,
    createEmbeddedResource(
      'test://mixed-content-resource',
      'application/json',
      '{"test":"data","value":123}',
    ),
  ],
}

function createEmbeddedResource(uri: string, mimeType: string, text: string) {
  return { type: 'resource', resource: { uri, mimeType, text } } as const
}

/**
 * Registers the tools whose answers the suite expects: each kind of content, a failure, progress, log
 * messages.
 */
export function registerContentTools(server: McpServer): void {
  for (const [name, content] of Object.entries(CONTENT))
    server.registerTool(name, { description: 'A fixture of the conformance suite' }, () => ({ content }))
  server.registerTool('test_error_handling', { description: 'A fixture of the conformance suite' }, () => {
    throw new Error('This tool intentionally returns an error for testing')
  })
  server.registerTool(
    'test_tool_with_progress',
    { description: 'A fixture of the conformance suite' },
    async ({ mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken
      for (const progress of [0, 50, 100]) {
        const params = progressToken === undefined ? undefined : { progressToken, progress, total: 100 }
        if (params) await mcpReq.notify({ method: 'notifications/progress', params })
        await sleep(50)
      }
      return { content: [{ type: 'text', text: 'done' }] }
    },
  )
  const logging = async (log: (level: 'info', data: unknown) => Promise<void>): Promise<CallToolResult> => {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await log('info', line)
      await sleep(50)
    }
    return { content: [{ type: 'text', text: 'logged' }] }
  }
  server.registerTool(
    'test_tool_with_logging',
    { description: 'A fixture of the conformance suite' },
    ({ mcpReq }) => logging(mcpReq.log),
  )
  server.registerTool(
    'test_logging_tool',
    { description: 'A fixture of the conformance suite' },
    ({ mcpReq }) => logging(mcpReq.log),
  )
}
