import { escapeControls } from '../core/text.ts'
import { print } from './print.ts'

const INTERVAL_MS = 250

export type ProgressLine = ReturnType<typeof openProgressLine>

/** One live line on a terminal; elsewhere, one line when work starts and one when it ends. */
export function openProgressLine(stream: NodeJS.WriteStream) {
  const live = Boolean(stream.isTTY) && process.env['TERM'] !== 'dumb'
  let work: { title: string; since: number; ticks: number; timer: NodeJS.Timeout | undefined } | undefined

  const draw = () => {
    if (!work) return
    const seconds = Math.round((Date.now() - work.since) / 1000)
    const fetched = work.ticks > 0 ? `, ${work.ticks} fetched` : ''
    void print(
      stream,
      `\r\u001b[2K${`${work.title} … ${seconds} s${fetched}`.slice(0, (stream.columns || 80) - 1)}`,
    )
  }
  const clear = () => {
    clearInterval(work?.timer)
    if (work && live) void print(stream, '\r\u001b[2K')
    work = undefined
  }
  const say = (text: string) => {
    void print(stream, `${text.split('\n').map(escapeControls).join('\n')}\n`)
  }
  return {
    say,
    start(title: string) {
      clear()
      work = { title, since: Date.now(), ticks: 0, timer: live ? setInterval(draw, INTERVAL_MS) : undefined }
      if (live) draw()
      else say(`${title} …`)
    },
    tick(counts: boolean) {
      if (work && counts) work.ticks++
    },
    finish(text: string) {
      clear()
      say(text)
    },
    /** Leaves no half-written line and no timer behind. */
    end: clear,
  }
}
