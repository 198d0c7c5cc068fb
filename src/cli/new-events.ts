import type { NewEvent, NewResult } from '../commands/new.ts'
import { withoutControls } from '../core/text.ts'
import type { progressLine } from '../io/progress-line.ts'

export type Progress = ReturnType<typeof progressLine>

/** What `new` does, line by line, as it happens. */
export function showNewEvent(event: NewEvent, progress: Progress): void {
  switch (event.kind) {
    case 'decided':
      progress.say(summaryLine(event))
      break
    case 'written':
      progress.say(
        `Wrote ${event.files} files${event.backup ? `; what they replaced is in ${event.backup}` : ''}`,
      )
      break
    case 'git':
      progress.say(gitLine(event.outcome))
      break
    case 'installing':
      progress.start('Installing dependencies (npm ci)')
      break
    case 'install-line':
      progress.tick(/^npm http /.test(event.line))
      break
    case 'installed':
      progress.finish(event.ok ? 'Installed dependencies' : 'Installing failed')
      break
    case 'checking':
      progress.start(`Checking: npm run ${event.step}`)
      break
    case 'checked':
      progress.finish(`${event.ok ? 'ok    ' : 'FAILED'} npm run ${event.step}, ${event.seconds} s`)
      if (!event.ok) progress.say(lastLines(event.output))
      break
    default:
      event satisfies never
  }
}

function summaryLine({ answers, files }: Extract<NewEvent, { kind: 'decided' }>): string {
  const options = Object.entries(answers.choices).map(([id, value]) => `, ${id} ${value}`)
  const { template, name, directory } = answers
  return `${template.manifest.title} "${name.packageName}" in ${withoutControls(directory)}: ${files} files${options.join('')}`
}

function gitLine(outcome: NewResult['git']): string {
  if (outcome.status === 'skipped') return `No git repository made: ${withoutControls(outcome.reason)}`
  if (outcome.identity === 'yours') return 'Made a git repository with one commit'
  return 'Made a git repository with one commit; git knows no name for you yet, so set one and run: git commit --amend --reset-author --no-edit'
}

function lastLines(output: string): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-30)
    .map((line) => `  ${withoutControls(line)}`)
    .join('\n')
}
