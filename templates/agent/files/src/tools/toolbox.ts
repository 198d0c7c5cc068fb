import type { AgentTool } from './tool.ts'
import { ToolError } from './tool.ts'

/** The tools that one run may use. What is not in it does not exist for the model, and a call of it is refused here. */
export class Toolbox {
  readonly tools: readonly AgentTool[]
  readonly #forbidden: ReadonlySet<string>

  /** `allowed` are names or patterns such as `docs__*`; undefined allows all of them. */
  constructor(tools: readonly AgentTool[], allowed?: readonly string[]) {
    const isAllowed = ({ name }: AgentTool) =>
      allowed === undefined || allowed.some((pattern) => matches(pattern, name))
    this.tools = tools.filter(isAllowed)
    this.#forbidden = new Set(tools.filter((tool) => !isAllowed(tool)).map(({ name }) => name))
  }

  /** Throws a `ToolError` for a tool that is not there, or not for this run. */
  find(name: string): AgentTool {
    const found = this.tools.find((tool) => tool.name === name)
    if (found !== undefined) return found
    if (this.#forbidden.has(name)) throw new ToolError(`The tool ${name} is not allowed in this run`)
    throw new ToolError(
      `There is no tool "${name}". There are: ${this.tools.map((tool) => tool.name).join(', ')}`,
    )
  }
}

/** `*` stands for any characters; everything else for itself. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(text)
}
