/**
 * Returns the same response, and calls `onEnd` once its body was read to the end, was abandoned, or failed.
 */
export function watchBodyEnd(response: Response, onEnd: () => void): Response {
  if (response.body === null) {
    onEnd()
    return response
  }
  const reader = response.body.getReader()
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      onEnd()
      controller.close()
    } catch (error) {
      onEnd()
      controller.error(error)
    }
  }
  const cancel = (reason: unknown) => {
    onEnd()
    return reader.cancel(reason)
  }
  return new Response(new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), response)
}
