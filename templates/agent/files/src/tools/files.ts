import * as z from 'zod'
import { type Incident, listLeftOut, renderLine } from './incident.ts'
import { type AgentTool, readTool, ToolError } from './tool.ts'

const MAX_MATCHES = 50

/** Looking around in the incident's folder, as `ls`, `sed -n` and `grep -i` would. */
export function createFileTools(incident: Incident): AgentTool[] {
  return [listFiles(incident), readFile(incident), searchFiles(incident)]
}

function listFiles(incident: Incident): AgentTool {
  return readTool({
    name: 'list_files',
    description: 'Lists the files of the incident: logs, runbooks, the service catalogue.',
    input: z.strictObject({
      folder: z.string().optional().describe('Only what is below this folder, for example logs'),
    }),
    run: async ({ folder }, { signal }) => {
      const names = await incident.listBelow(folder ?? '', signal)
      return [`files: ${names.length}`, ...names].join('\n')
    },
  })
}

function readFile(incident: Incident): AgentTool {
  return readTool({
    name: 'read_file',
    description: 'Reads lines of one file, with their numbers.',
    input: z.strictObject({
      path: z.string().describe('As list_files gives it, for example logs/api.log'),
      from_line: z.int().min(1).default(1),
      max_lines: z.int().min(1).max(400).default(80),
    }),
    run: async ({ path, from_line: from, max_lines: max }, { signal }) => {
      const lines = await incident.readLines(path, signal)
      const shown = lines.slice(from - 1, from - 1 + max)
      if (shown.length === 0) throw new ToolError(`${path} has ${lines.length} lines`)
      const left = lines.length - (from - 1 + shown.length)
      return [...shown.map(renderLine), ...(left > 0 ? [`${left} more lines`] : [])].join('\n')
    },
  })
}

function searchFiles(incident: Incident): AgentTool {
  return readTool({
    name: 'search_files',
    description: 'Finds the lines that contain a text, letter case aside, like grep -i without patterns.',
    input: z.strictObject({
      text: z.string().min(1),
      folder: z.string().optional().describe('Only files below this folder'),
    }),
    run: async ({ text, folder }, { signal }) => {
      const wanted = text.toLowerCase()
      const names = await incident.listBelow(folder ?? '', signal)
      const { lines, leftOut } = await incident.readAllLines(names, signal)
      const found = lines.filter((line) => line.text.toLowerCase().includes(wanted))
      const more = found.length > MAX_MATCHES ? `, the first ${MAX_MATCHES} of them` : ''
      const shown = found.slice(0, MAX_MATCHES).map(renderLine)
      return [`matches: ${found.length}${more}`, ...shown, ...listLeftOut(leftOut)].join('\n')
    },
  })
}
