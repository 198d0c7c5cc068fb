import * as z from 'zod'
import { visibleText } from '#kit/files/text'
import { fetchPublic } from '../net/fetch-public.ts'
import { type AgentTool, writeTool } from './tool.ts'

/** It only reads, but an address can carry anything out of here: each one is approved like a write. Off unless `--fetch` is given. */
export function fetchTool(): AgentTool {
  return writeTool({
    name: 'fetch_url',
    description: 'Fetches a public web page as text, for example the status page of a provider.',
    timeoutMs: 15_000,
    input: z.strictObject({ url: z.string().max(2_000) }),
    run: async ({ url }, { signal }) => {
      const page = await fetchPublic(url, signal)
      return `status: ${page.status}\nurl: ${page.url}\n\n${visibleText(page.text)}`
    },
  })
}
