import * as z from 'zod'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import { chooseTool } from '#kit/tool-choice/choose'

/**
 * Lower than the layer's default: most words of a search request are about its topic, and no tool has them.
 * At this threshold, requests that no tool is for score 0, unless they are about notes too.
 */
const THRESHOLD = 0.2

const task = z.object({
  request: z.string(),
  tools: z.array(z.object({ name: z.string(), description: z.string(), inputSchema: z.unknown() })),
})

/** Chooses a tool by words, without a language model. Answers with `{"tool", "arguments"}` as JSON. */
export const heuristicTasks: HeuristicTasks = {
  'choose-tool': (input) => {
    const { request, tools } = task.parse(input)
    return JSON.stringify(chooseByWords(request, tools))
  },
}

interface OfflineChoice {
  tool: string | null
  arguments: Record<string, unknown>
}

function chooseByWords(request: string, tools: z.infer<typeof task>['tools']): OfflineChoice {
  const choice = chooseTool(request, tools, { threshold: THRESHOLD })
  switch (choice.kind) {
    case 'none':
      return { tool: null, arguments: {} }
    case 'call':
      return { tool: choice.tool, arguments: choice.input }
    case 'ask':
      // A search gets the whole request as its query; no other argument is invented.
      return { tool: choice.tool, arguments: choice.missing.includes('query') ? { query: request } : {} }
    default:
      return choice satisfies never
  }
}
