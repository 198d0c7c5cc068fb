import { resolve } from 'node:path'
import { type AdoptResult, adoptProject } from '../../commands/adopt.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'
import { countsOf, evidenceLines, gateLines, type Look, stepName, todoLines } from '../text/gates.ts'
import { hanging } from '../text/lines.ts'

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
  await context.show((look) => describe(result, look))
  return succeed(result)
}

function describe({ step, adopted, evidence, next }: AdoptResult, look: Look): string {
  const head = `${stepName(step)} ${adopted ? 'counts now' : 'counted already'}: ${countsOf(step)}.`
  const todo = 'Commit .ai-eng/: it makes this repo a project of the road.'
  const lines = [
    hanging('', head, look.width),
    '',
    ...gateLines(step.gates, look),
    '',
    ...evidenceLines(evidence, look),
    ...(adopted ? [hanging('', todo, look.width)] : []),
    ...todoLines(next, look),
  ]
  return `${lines.join('\n')}\n`
}
