import { dirname, resolve } from 'node:path'
import { type AdoptResult, adoptProject } from '../../commands/adopt.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import {
  formatCounts,
  formatEvidence,
  formatGates,
  formatStepName,
  formatTodo,
  type Look,
} from '../text/gates.ts'
import { wrapHanging } from '../text/lines.ts'

interface AdoptGiven {
  arguments: readonly [template: string, directory: string | undefined]
  options: { offline?: true }
}

export async function run(
  { arguments: [template, directory], options }: AdoptGiven,
  context: Context,
): Promise<Outcome<AdoptResult>> {
  const request = { template, directory: resolve(directory ?? '.'), offline: options.offline === true }
  const result = await adoptProject(request, await context.makeWorld())
  await context.show((look) => describeAdopted(result, look))
  return succeed(result)
}

function describeAdopted({ directory, step, adopted, evidence, next }: AdoptResult, look: Look): string {
  const head = `${formatStepName(step)} ${adopted ? 'is now a project' : 'was already a project'}: ${formatCounts(step)}.`
  const todo = 'Commit .ai-eng/: it marks this repo as a project of your roadmap.'
  const lines = [
    wrapHanging('', head, look.width),
    '',
    ...formatGates(step.gates, look),
    '',
    ...formatEvidence({ directory: dirname(directory), evidence }, look),
    ...(adopted ? [wrapHanging('', todo, look.width)] : []),
    ...formatTodo(next, look),
  ]
  return `${lines.join('\n')}\n`
}
