import { ownTools } from './all.ts'
import { Incident } from './incident.ts'
import { Toolbox } from './toolbox.ts'

export interface ToolOptions {
  /** The folder or file that the tools read. */
  root: string
  /** Where what they file goes. */
  data: string
  allow: readonly string[] | undefined
}

/** The tools of a run, for as long as `use` takes. */
export async function withTools<T>(
  { root, data, allow }: ToolOptions,
  use: (toolbox: Toolbox) => Promise<T>,
): Promise<T> {
  const incident = await Incident.open(root)
  return use(new Toolbox(ownTools({ incident, data }), allow))
}
