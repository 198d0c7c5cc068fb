import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server'
import { BadFile } from '#kit/files/file'
import type { LookOptions } from '../notes/notes.ts'

/** A result as text, for models that read text, and as data that fits the tool's output schema. */
export function createResult(text: string, structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent }
}

/** A failure that a model can act on: what was wrong, and what to call instead. */
export class ToolError extends Error {
  override readonly name = 'ToolError'

  constructor(what: string, whatToDo: string) {
    super(`${what}. ${whatToDo}`)
  }
}

/**
 * A failure as a result. An unexpected one goes to `report` and its message stays here: messages of the
 * operating system contain paths.
 */
export function describeFailure(error: unknown, report: (error: unknown) => void): CallToolResult {
  const isExpected = error instanceof ToolError || error instanceof BadFile
  if (!isExpected) report(error)
  const text = isExpected
    ? error.message
    : 'This failed inside of the server. Calling it again will not help.'
  return { content: [{ type: 'text', text }], isError: true }
}

/** Cancelling the call aborts the signal; a client that asked for progress is notified after each note. */
export function readLookOptions({ mcpReq }: ServerContext): LookOptions {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return { signal: mcpReq.signal }
  const onProgress = (progress: number, total: number) => {
    const params = { progressToken, progress, total, message: `${progress} of ${total} notes read` }
    // When the client has disconnected, the signal ends the call; a lost notification changes nothing.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
  }
  return { signal: mcpReq.signal, onProgress }
}
