import { fileTools } from './files.ts'
import type { Incident } from './incident.ts'
import { logTools } from './logs.ts'
import { outboxTools } from './outbox.ts'
import { runbookTools } from './runbooks.ts'
import { serviceTools } from './services.ts'
import type { AgentTool } from './tool.ts'

/** The agent's own tools. `data` is where what it files goes. To add one: write it beside the others and put it here. */
export function ownTools({ incident, data }: { incident: Incident; data: string }): AgentTool[] {
  return [
    ...fileTools(incident),
    ...logTools(incident),
    ...runbookTools(incident),
    ...serviceTools(incident),
    ...outboxTools(data),
  ]
}
