import { createFileTools } from './files.ts'
import type { Incident } from './incident.ts'
import { logTools } from './logs.ts'
import { createOutboxTools } from './outbox.ts'
import { createRunbookTools } from './runbooks.ts'
import { createServiceTools } from './services.ts'
import type { AgentTool } from './tool.ts'

/**
 * The agent's own tools; `data` is the folder for tickets and pages. To add a tool, write it next to these
 * and list it here.
 */
export function createTools({ incident, data }: { incident: Incident; data: string }): AgentTool[] {
  return [
    ...createFileTools(incident),
    ...logTools(incident),
    ...createRunbookTools(incident),
    ...createServiceTools(incident),
    ...createOutboxTools(data),
  ]
}
