/** An event of a stream; `data` is written as JSON. */
export interface ServerEvent {
  event: string
  data: unknown
}

export interface EventStreamOptions {
  /** A comment goes out when nothing else did for so long: proxies close what is silent. */
  heartbeatMs?: number
  /** How long a client may leave unread what was written. */
  stallMs?: number
  /** The client reads nothing any more: close its connection. */
  onStall: () => void
  /** The stream is over: read to its end, left, or stalled. Called once. */
  onEnd: () => void
}

const encoder = new TextEncoder()

/**
 * Events as a body of `text/event-stream`. It pulls the next event when the previous one has gone out, so a slow reader slows down their source and fills no
 * memory. `events` must not throw: what fails is an event too.
 */
export function createEventStream(
  events: AsyncIterator<ServerEvent>,
  { heartbeatMs = 15_000, stallMs = 30_000, onStall, onEnd }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  let next: Promise<IteratorResult<ServerEvent>> | undefined
  let stall: NodeJS.Timeout | undefined
  let hasEnded = false
  const end = () => {
    clearTimeout(stall)
    if (!hasEnded) onEnd()
    hasEnded = true
  }
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    clearTimeout(stall)
    next ??= events.next()
    const result = await unlessSilent(next, heartbeatMs)
    if (hasEnded) return
    if (result?.done) {
      end()
      return controller.close()
    }
    if (result) next = undefined
    controller.enqueue(encoder.encode(result ? format(result.value) : ': keep-alive\n\n'))
    stall = setTimeout(onStall, stallMs)
  }
  const cancel = () => {
    end()
    void events.return?.()
  }
  // Nothing is made ahead of being read.
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 })
}

/** JSON has no line break outside of its escapes: one line of data. */
function format({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** What the promise resolves to, or undefined when it takes longer. */
async function unlessSilent<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer))
}
