import { spawn } from 'node:child_process'
import process from 'node:process'

/**
 * Runs a program in its own process group for as long as standard input is open, and ends the whole group then: also when the process at the other end
 * was killed, which leaves no time to clean up. Plain JavaScript, so that tests start it as it stands.
 *
 *   node supervise.js PROGRAM ARGUMENTS...
 */
const GRACE_MS = 5_000

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'inherit'] })

/** @param {NodeJS.Signals} signal */
function signalGroup(signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // The group is empty.
  }
}

function stop() {
  signalGroup('SIGTERM')
  setTimeout(() => signalGroup('SIGKILL'), GRACE_MS).unref()
}

child.on('error', (error) => {
  process.stderr.write(`${program} cannot be started: ${error.message}\n`)
  process.exitCode = 127
  process.stdin.destroy()
})
child.on('exit', (code) => {
  // npm may have gone before the server that it started.
  signalGroup('SIGKILL')
  process.exitCode = code ?? 1
  process.stdin.destroy()
})
process.stdin.resume()
process.stdin.on('end', stop)
process.stdin.on('error', stop)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
