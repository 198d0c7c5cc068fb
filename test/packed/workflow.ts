import { parse } from 'yaml'

interface Step {
  name: string
  run: string
}

export interface Replay {
  steps: Step[]
  /** Jobs that need containers or a secret, which nobody has here: listed, never counted as passed. */
  notReplayed: string[]
}

interface Workflow {
  on: Record<string, unknown>
  jobs: Record<
    string,
    {
      services?: unknown
      env?: unknown
      steps: { name?: string; run?: string; uses?: string; if?: string; env?: unknown }[]
    }
  >
}

/**
 * The commands that a workflow runs, in order, as written. Throws for what a replay could not do faithfully: an expression in a command, or a command that runs under a condition.
 */
export function commandsOf(yaml: string): Replay {
  const { on, jobs } = parse(yaml) as Workflow
  const isFromRepo = 'push' in on || 'pull_request' in on
  const steps: Step[] = []
  const notReplayed: string[] = []
  for (const [id, job] of Object.entries(jobs)) {
    const needsSecret = !isFromRepo && JSON.stringify(job.steps).includes('secrets.')
    if (needsSecret || job.services || job.steps.some(({ run }) => run?.startsWith('docker '))) {
      notReplayed.push(id)
      continue
    }
    for (const step of job.steps) {
      if (step.run === undefined) continue
      const text = JSON.stringify([step.run, step.env, job.env])
      if (text.includes('${{') || step.if !== undefined) throw new Error(`job ${id}: cannot replay ${text}`)
      steps.push({ name: `${id}: ${step.name ?? step.run}`, run: step.run })
    }
  }
  return { steps, notReplayed }
}
