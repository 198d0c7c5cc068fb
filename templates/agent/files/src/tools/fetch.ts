import * as z from 'zod'
import { stripInvisible } from '#kit/files/text'
import { FetchError, fetchPublic } from '#kit/net/fetch-public'
import { type AgentTool, ToolError, writeTool } from './tool.ts'

/**
 * It only reads, but an address can carry data out, so each one needs approval like a write. Off unless
 * `--fetch` is given.
 */
export function fetchTool(): AgentTool {
  return writeTool({
    name: 'fetch_url',
    description: 'Fetches a public web page as text, for example the status page of a provider.',
    timeoutMs: 15_000,
    input: z.strictObject({ url: z.string().max(2_000) }),
    run: async ({ url }, { signal }) => {
      const page = await fetchPublic(url, signal).catch((error: unknown) => {
        throw error instanceof FetchError ? new ToolError(error.message) : error
      })
      return `status: ${page.status}\nurl: ${page.url}\n\n${stripInvisible(page.text)}`
    },
  })
}
