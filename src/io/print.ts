import { UserError } from '../core/errors.ts'
import { explainWrite } from './explain.ts'

/**
 * Resolves once the text has left the process, however slow the reader is, or once the reader is gone (`|
 * head -1`). Rejects with a UserError when standard output cannot be written; an error on standard error has
 * nowhere to be shown.
 */
export function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  // The callback below gets the same error; without a listener it would also be thrown.
  if (stream.listenerCount('error') === 0) stream.on('error', () => undefined)
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      const code = (error as NodeJS.ErrnoException | null | undefined)?.code
      if (!error || code === 'EPIPE' || stream === process.stderr) resolve()
      else reject(explainOutput(error))
    })
  })
}

function explainOutput(error: Error): unknown {
  const explained = explainWrite(error, 'the output', 'Send the output elsewhere, then run it again')
  return explained instanceof UserError ? explained : error
}
