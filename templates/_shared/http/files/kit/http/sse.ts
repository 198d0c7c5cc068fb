/** An event of a stream; `data` is written as JSON. */
export interface ServerEvent {
  event: string
  data: unknown
}

export interface EventStreamOptions {
  /** Send a comment after this long without an event: proxies close silent connections. */
  heartbeatMs?: number
  /** How long a client may leave written data unread. */
  stallMs?: number
  /** Called when the client no longer reads: close its connection. */
  onStall: () => void
  /** Called once, when the stream is over: read to its end, cancelled, or stalled. */
  onEnd: () => void
}

const encoder = new TextEncoder()

/**
 * Encodes events as a `text/event-stream` body. It pulls the next event once the previous one has been sent,
 * so a slow reader slows down the source instead of filling memory. `events` must not throw: a failure is an
 * event too.
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
  // 0: pull an event only when the reader asks for one.
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 })
}

/** JSON escapes line breaks, so the data is always one line. */
function format({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The value of the promise, or undefined if it takes longer than `ms`. */
async function unlessSilent<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer))
}
