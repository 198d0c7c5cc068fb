import { type AdoptRequest, type AdoptResult, adoptProject } from '../commands/adopt.ts'
import type { RoadWorld } from '../commands/road.ts'
import { print } from '../io/print.ts'
import { progressLine } from '../io/progress-line.ts'
import { countsOf, evidenceLines, gateLines, stepName, todoLines } from './gate-lines.ts'
import { gateWorld, type Here } from './gate-world.ts'
import { hanging, painter, widthOf } from './lines.ts'

export async function runAdopt(request: AdoptRequest, road: RoadWorld, terminal: Here): Promise<AdoptResult> {
  const progress = progressLine(process.stderr)
  try {
    const result = await adoptProject(request, gateWorld(road, terminal, progress))
    progress.end()
    if (!terminal.json) await print(process.stdout, textOf(result))
    return result
  } finally {
    progress.end()
  }
}

function textOf({ step, adopted, evidence, next }: AdoptResult): string {
  const look = { width: widthOf(process.stdout), paint: painter(process.stdout, process.env) }
  const head = `${stepName(step)} ${adopted ? 'counts now' : 'counted already'}: ${countsOf(step)}.`
  const lines = [
    hanging('', head, look.width),
    '',
    ...gateLines(step.gates, look),
    '',
    ...evidenceLines(evidence, look),
    ...(adopted
      ? [hanging('', 'Commit .ai-eng/: it is what makes this repo a project of the road.', look.width)]
      : []),
    ...todoLines(next, look),
  ]
  return `${lines.join('\n')}\n`
}
