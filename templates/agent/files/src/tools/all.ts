import { fileTools } from './files.ts'
import type { Incident } from './incident.ts'
import { logTools } from './logs.ts'
import { outboxTools } from './outbox.ts'
import { runbookTools } from './runbooks.ts'
import { serviceTools } from './services.ts'
import type { AgentTool } from './tool.ts'

/** The agent's own tools; `data` is the folder for tickets and pages. To add a tool, write it next to these and list it here. */
export function createTools({ incident, data }: { incident: Incident; data: string }): AgentTool[] {
  return [
    ...fileTools(incident),
    ...logTools(incident),
    ...runbookTools(incident),
    ...serviceTools(incident),
    ...outboxTools(data),
  ]
}
