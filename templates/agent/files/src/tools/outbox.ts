import { randomUUID } from 'node:crypto'
import { link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { replaceFile } from '#kit/console/replace-file'
import { severity } from './services.ts'
import { type AgentTool, writeTool } from './tool.ts'

/**
 * What the agent can do to the world: file a ticket, page a person. Both end as files in a folder; a real
 * service would get a request with the same idempotency key. The file is named after its key, so the same
 * call in the same run makes one file.
 */
export function createOutboxTools(directory: string): AgentTool[] {
  return [
    writeTool({
      name: 'file_ticket',
      description: 'Files a ticket about the incident with the team that owns the service.',
      input: z.strictObject({
        title: z.string().min(5).max(150),
        service: z.string().min(1).max(80),
        severity,
        summary: z
          .string()
          .min(10)
          .max(4_000)
          .describe('What happened, since when, what it rests on, what to do next'),
      }),
      run: (ticket, { key }) => writeTicketOnce(join(directory, 'tickets'), `T-${key.slice(0, 8)}`, ticket),
    }),
    writeTool({
      name: 'page_on_call',
      description: 'Wakes up the person on call for a service. Only for sev1.',
      input: z.strictObject({
        service: z.string().min(1).max(80),
        message: z.string().min(10).max(500),
      }),
      run: (page, { key }) => writeTicketOnce(join(directory, 'pages'), `P-${key.slice(0, 8)}`, page),
    }),
  ]
}

/**
 * Writes `<folder>/<id>.json`, and the folder if it is missing: a JSON object of the id, `filedAt` (the time,
 * in ISO format) and the content. Returns `filed: <id>`. A file that is there stays unchanged; then it returns
 * `filed: <id> (already filed)`. The file appears whole and once, even when several calls or processes file the
 * same at the same moment, and no other file stays in the folder.
 */
async function writeTicketOnce(folder: string, id: string, content: object): Promise<string> {
  const path = join(folder, `${id}.json`)
  const draft = `${path}.${randomUUID()}.draft`
  const ticket = { id, filedAt: new Date().toISOString(), ...content }
  await replaceFile(draft, `${JSON.stringify(ticket, null, 2)}\n`)
  try {
    await link(draft, path)
    return `filed: ${id}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return `filed: ${id} (already filed)`
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
