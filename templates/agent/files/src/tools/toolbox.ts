import { limitToolTime } from './deadline.ts'
import { type AgentTool, ToolError } from './tool.ts'

/** The tools of one run. For the model no other tool exists, and a call of another one is refused here. */
export interface Toolbox {
  readonly tools: readonly AgentTool[]
  /** Throws a `ToolError` for a tool that does not exist, or that this run may not use. */
  find(name: string): AgentTool
}

/** `allowed` are names or patterns such as `docs__*`; undefined allows all tools. */
export function createToolbox(all: readonly AgentTool[], allowed?: readonly string[]): Toolbox {
  const twice = all.find(({ name }, index) => all.findIndex((tool) => tool.name === name) !== index)
  // An approval of the one would run the other.
  if (twice !== undefined) throw new Error(`Two tools are called ${twice.name}`)
  const isAllowed = (name: string) =>
    allowed === undefined || allowed.some((pattern) => matches(pattern, name))
  const tools = all.filter(({ name }) => isAllowed(name)).map(limitToolTime)
  const find = (name: string) => {
    const found = tools.find((tool) => tool.name === name)
    if (found !== undefined) return found
    if (all.some((tool) => tool.name === name))
      throw new ToolError(`The tool ${name} is not allowed in this run`)
    throw new ToolError(`There is no tool "${name}". There are: ${tools.map((tool) => tool.name).join(', ')}`)
  }
  return { tools, find }
}

/** Whether `text` fits `pattern`: `*` stands for any characters, everything else for itself. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(text)
}
