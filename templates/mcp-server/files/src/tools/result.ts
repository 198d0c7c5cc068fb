import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server'
import { BadFile } from '#kit/files/file'
import type { LookOptions } from '../notes/notes.ts'

/** What a tool found: as text for models that read text, and as data that its output schema describes. */
export function found(text: string, structuredContent: Record<string, unknown>): CallToolResult {
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
 * What went wrong, in words for the model and for strangers. Of a failure that nobody foresaw, its type and no more: messages of the system name places on this
 * disk. `report` gets all of it.
 */
export function failed(error: unknown, report: (error: unknown) => void): CallToolResult {
  const isForeseen = error instanceof ToolError || error instanceof BadFile
  if (!isForeseen) report(error)
  const text = isForeseen
    ? error.message
    : 'This failed inside of the server. Calling it again will not help.'
  return { content: [{ type: 'text', text }], isError: true }
}

/** A cancelled call stops the look at the folder, and a caller that asked for progress hears of it. */
export function lookFor({ mcpReq }: ServerContext): LookOptions {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return { signal: mcpReq.signal }
  const onProgress = (progress: number, total: number) => {
    const params = { progressToken, progress, total, message: `${progress} of ${total} notes read` }
    // A client that has left is not told; the call itself ends by its signal.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
  }
  return { signal: mcpReq.signal, onProgress }
}
