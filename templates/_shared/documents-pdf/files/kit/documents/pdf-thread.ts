import { createRequire } from 'node:module'
import { MessageChannel, Worker } from 'node:worker_threads'
import { getResolvedPDFJS } from 'unpdf'

type PdfJs = Awaited<ReturnType<typeof getResolvedPDFJS>>
export type Pdf = Awaited<ReturnType<PdfJs['getDocument']>['promise']>

// A string, because a file would have two names: .ts in tests, .js once built.
// It handles rejections because a damaged page can leave a promise without a handler.
const PARSER = `
const { workerData } = require('node:worker_threads')
process.on('unhandledRejection', () => {})
require(workerData.module).getResolvedPDFJS().then(() => {
  globalThis.pdfjsWorker.WorkerMessageHandler.initializeFromPort(workerData.port)
  workerData.port.start()
})`
const HEAP_MIB = 1024

/**
 * Opens a PDF and lets `use` read it. A separate thread parses it, as in a browser, so that a damaged file
 * can neither crash this process nor keep it from seeing the signal.
 * Throws what the parser throws, or the signal's reason when aborted.
 */
export async function processPdf<Result>(
  bytes: Uint8Array,
  signal: AbortSignal,
  use: (pdf: Pdf) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  const { getDocument, PDFWorker } = await getResolvedPDFJS()
  const { port1, port2 } = new MessageChannel()
  const thread = new Worker(PARSER, {
    eval: true,
    stdout: true,
    stderr: true,
    workerData: { module: createRequire(import.meta.url).resolve('unpdf'), port: port2 },
    transferList: [port2],
    // The stack size of a main thread: a thread's own default leaves V8 little
    // reserve at the end of the stack.
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, stackSizeMb: 1 },
  })
  const worker = new PDFWorker({ port: port1 as never, verbosity: 0 })
  port1.start()
  // No code from fonts, nothing from the network or the system, no warnings on stdout.
  const safe = { isEvalSupported: false, useSystemFonts: false, disableFontFace: true, verbosity: 0 }
  const read = async () =>
    await use(await getDocument({ ...safe, data: new Uint8Array(bytes), worker }).promise)
  try {
    return await Promise.race([read(), rejectOnFailure(thread, signal)])
  } finally {
    worker.destroy()
    port1.close()
    await thread.terminate()
  }
}

function rejectOnFailure(thread: Worker, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    thread.once('error', reject)
    thread.once('exit', () => {
      signal.removeEventListener('abort', stop)
      reject(new Error('The parser ended'))
    })
  })
}
