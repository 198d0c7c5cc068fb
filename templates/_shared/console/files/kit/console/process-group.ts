import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'

const BEFORE_KILL_MS = 500
const isWindows = process.platform === 'win32'

/** Programs that end with this process, also when it has no time left for a timer. */
const running = new Set<ChildProcess>()

/** Starts a program that `endProcessGroup` ends together with everything it started. No shell. */
export function spawnGroup(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> },
): ChildProcessWithoutNullStreams {
  const child = spawn(program, args, { ...options, detached: !isWindows, windowsHide: true })
  if (!process.listeners('exit').includes(killRunning)) process.on('exit', killRunning)
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

/**
 * Ends a program and everything it started: asks with SIGTERM, then kills. A shell, npm and npx start the
 * program that does the work as a child, and a signal to the shell alone leaves that child running. Windows
 * has no process groups: taskkill follows the tree of children there, while the first process still runs.
 */
export function endProcessGroup(child: ChildProcess): void {
  if (isWindows) endTree(child)
  else signalGroup(child, 'SIGTERM')
  running.add(child)
  const kill = () => {
    running.delete(child)
    if (!isWindows) signalGroup(child, 'SIGKILL')
  }
  setTimeout(kill, BEFORE_KILL_MS).unref()
}

function killRunning(): void {
  for (const child of running) {
    if (isWindows) endTree(child)
    else signalGroup(child, 'SIGKILL')
  }
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name)
  } catch {
    // The group is empty.
  }
}

function endTree({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return
  const options = { stdio: 'ignore', windowsHide: true, detached: true } as const
  const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], options)
  killer.on('error', () => {}).unref()
}
