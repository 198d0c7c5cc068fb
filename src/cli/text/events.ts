import type { Event } from '../../commands/events.ts'
import type { LockOutcome } from '../../commands/new/result.ts'
import { escapeControls } from '../../core/text.ts'
import type { GitOutcome } from '../../io/git.ts'
import type { ProgressLine } from '../../io/progress-line.ts'

interface Showing {
  progress: ProgressLine
  /** Whether the stream can show a line that is later overwritten. */
  isLive: boolean
}

/** Prints what a command does, line by line, as it happens. */
export function showEvent(event: Event, { progress, isLive }: Showing): void {
  switch (event.kind) {
    case 'decided':
      // `next` may have checked gates until now.
      progress.finish(summarise(event))
      break
    case 'workspace':
      progress.say(describeWorkspace(event))
      break
    case 'written':
      progress.say(
        `Wrote ${event.files} files${event.backup === null ? '' : `; replaced files are in ${event.backup}`}`,
      )
      break
    case 'git':
      progress.say(describeGit(event.outcome))
      break
    case 'importing':
      progress.start(`Making ${event.lock} from npm's lock file (${event.command})`)
      break
    case 'imported':
      progress.finish(describeLock(event.lock))
      break
    case 'installing':
      progress.start(`Installing dependencies (${event.command})`)
      break
    case 'install-line':
      progress.tick(/^npm http /.test(event.line))
      break
    case 'installed':
      progress.finish(event.ok ? 'Installed dependencies' : 'Installing failed')
      break
    case 'checking':
      progress.start(`Checking: ${event.command}`)
      break
    case 'checked':
      progress.finish(`${event.ok ? 'ok    ' : 'FAILED'} ${event.command}, ${event.seconds} s`)
      if (!event.ok) progress.say(tailOutput(event.output))
      break
    case 'gate':
      if (isLive) progress.start(`Checking ${event.id}`)
      break
    case 'testing':
      if (isLive) progress.start(`Running ${event.what}`)
      break
    case 'tested':
      progress.end()
      break
    case 'link':
      if (isLive) progress.start(`Checking ${event.url}`)
      break
    default:
      event satisfies never
  }
}

function summarise({ answers, files }: Extract<Event, { kind: 'decided' }>): string {
  const options = Object.entries(answers.choices).map(([id, value]) => `, ${id} ${value}`)
  const { template, name, directory } = answers
  return `${template.manifest.title} "${name.packageName}" in ${escapeControls(directory)}: ${files} files${options.join('')}`
}

function describeWorkspace({ root, option }: Extract<Event, { kind: 'workspace' }>): string {
  const how =
    option === ''
      ? 'move it out of there to install it'
      : `install it with ${option}, or move it out of there`
  return `Warning: the project is inside the workspace ${escapeControls(root)}, which ignores its lock file and settings: ${how}`
}

function describeLock({ status, file, reason }: LockOutcome): string {
  if (status !== 'todo') return `Made ${file} from npm's lock file`
  return `${file} is not made yet: ${escapeControls(reason ?? '')}`
}

function describeGit(outcome: GitOutcome): string {
  if (outcome.status === 'skipped') return `Created no git repository: ${escapeControls(outcome.reason)}`
  if (outcome.identity === 'yours') return 'Created a git repository with one commit'
  return 'Created a git repository with one commit. Git does not know your name yet: set user.name and user.email, then run: git commit --amend --reset-author --no-edit'
}

function tailOutput(output: string): string {
  return output
    .trimEnd()
    .split('\n')
    .slice(-30)
    .map((line) => `  ${escapeControls(line)}`)
    .join('\n')
}
