import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, extname, join } from 'node:path'
import process from 'node:process'
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import { catchSignals } from '#kit/console/signals'
import { runEvals } from './cli.ts'
import { CannotRunError, toErrorMessage } from './errors.ts'
import type { Choice, EvalCase, Suite } from './suite.ts'

/**
 * Messages from the thread that runs the evals. To the thread, only the exit code of an interrupt is sent.
 */
type MainMessage = { name: 'stdout' | 'stderr'; text: string } | { name: 'exit'; code: number }

if (parentPort === null) await superviseThread()
else await runThread(parentPort)

/**
 * Runs the evals in a separate thread. A case that hangs and ignores its abort signal holds timers and
 * sockets, which would keep the process alive after the report; in a thread, they end with it.
 */
async function superviseThread(): Promise<void> {
  const argv = process.argv.slice(2)
  const thread = new Worker(new URL(import.meta.url), { argv, workerData: process.stderr.isTTY })
  let exitCode: number | undefined
  thread.on('message', async (message: MainMessage) => {
    if (message.name !== 'exit') return process[message.name].write(message.text)
    exitCode = message.code
    return thread.terminate()
  })
  catchSignals((signal) => thread.postMessage(128 + constants.signals[signal]))
  // `once` rejects with what the thread didn't catch. Ending without an exit code isn't a pass either.
  const problem = await once(thread, 'exit').then(() => 'something ended its thread', toErrorMessage)
  if (exitCode === undefined)
    process.stderr.write(`the evals broke off: ${problem}\nLook at evals/suite.ts\n`)
  process.exitCode = exitCode ?? 4
}

async function runThread(port: MessagePort): Promise<void> {
  const interrupt = new AbortController()
  port.once('message', (exitCode: number) =>
    interrupt.abort(new CannotRunError('interrupted', 'No report was written', exitCode)),
  )
  const send = (message: MainMessage) => port.postMessage(message)
  const code = await runEvals(process.argv.slice(2), loadSuite, {
    root: findRoot(import.meta.dirname),
    env: process.env,
    stdout: { write: (text) => send({ name: 'stdout', text }) },
    stderr: { isTTY: workerData === true, write: (text) => send({ name: 'stderr', text }) },
    signal: interrupt.signal,
    clock: () => new Date(),
  })
  send({ name: 'exit', code })
}

/**
 * Loads evals/suite, as .ts or .js like this file. Imports it late, so that an error in it is reported like
 * any other reason not to run. Throws `CannotRunError`.
 */
async function loadSuite(): Promise<Suite<EvalCase> | Choice> {
  const suite = new URL(`../../evals/suite${extname(import.meta.filename)}`, import.meta.url)
  try {
    const { suite: loaded } = (await import(suite.href)) as { suite: Suite<EvalCase> | Choice }
    return loaded
  } catch (error) {
    const message = `evals/suite.ts cannot be loaded: ${toErrorMessage(error)}`
    throw new CannotRunError(message, 'Fix it; DEBUG=1 shows where this came from', 4, { cause: error })
  }
}

/** Returns the nearest folder, from `folder` upwards, that has a package.json; `dist/` has none. */
function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder))
}
