import type { NextResult } from '../commands/next.ts'
import {
  countsOf,
  evidenceLines,
  gateLines,
  type Look,
  stepName,
  todoLines,
  unmetLines,
} from './gate-lines.ts'
import { hanging } from './lines.ts'
import { openingLines } from './opening-lines.ts'

/** What `next` did, then what to do. */
export function nextText(result: NextResult, look: Look): string {
  const { width } = look
  const skipped = result.dryRun ? 'Would skip: ' : 'Skipped: '
  const done = [
    ...result.skipped.map((name) => hanging(skipped, name, width)),
    ...evidenceLines(result.evidence, look),
    ...result.warnings.map((text) => hanging('Note: ', text, width)),
  ]
  const opening = result.opening ? openingLines(result.opening, look) : []
  const blocks = [done, opening, body(result, look)].filter((lines) => lines.length > 0)
  // Below what was said while it was made.
  const above = result.project !== null && !result.dryRun ? '\n' : ''
  return `${above}${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function body(result: NextResult, look: Look): string[] {
  switch (result.kind) {
    case 'created':
    case 'resumed':
      return result.dryRun ? planned(result, look) : made(result, look)
    case 'unmet':
    case 'advanced':
      return gates(result, look)
    case 'finished':
      return todoLines(result.next, look)
    default:
      return result.kind satisfies never
  }
}

function planned({ project }: NextResult, { width }: Look): string[] {
  if (!project) return []
  const files = `${project.files.length} files`
  return [hanging('', `Would create ${project.directory}: ${files}. Nothing was written.`, width)]
}

function made({ project, step }: NextResult, { width, paint }: Look): string[] {
  if (!project) return []
  const head = `${step?.title ?? project.template} is ready in ${project.directory}. Next:`
  const commands = [...project.next, 'ai-eng-starter check']
  return [paint('bold', hanging('', head, width)), ...commands.map((command) => `  ${command}`)]
}

/** All gates in a line each, then the first that is not met in full: one thing at a time. */
function gates({ step, next, kind }: NextResult, look: Look): string[] {
  if (!step) return todoLines(next, look)
  const head = `${kind === 'advanced' ? 'Next is' : 'You are at'} ${stepName(step)}: ${countsOf(step)}.`
  const first = step.gates.find(({ id }) => id === next.gate)
  const full = first ? ['', ...unmetLines(first, look)] : ['', ...todoLines(next, look)]
  return [hanging('', head, look.width), '', ...gateLines(step.gates, look), ...full]
}
