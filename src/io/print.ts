/**
 * Resolves once the text has left the process, however slow the reader is, or once the reader is gone (`|
 * head -1`).
 */
export function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (stream.listenerCount('error') === 0) stream.on('error', ignoreClosedPipe)
  return new Promise((resolve) => {
    stream.write(text, () => resolve())
  })
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
