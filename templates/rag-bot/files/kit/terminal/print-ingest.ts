import type { Ingested, Progress } from '#kit/bot/contract'
import { type Io, note } from '#kit/console/process'

const EVERY_MS = 200 // on a terminal; a log file gets a line now and then
const EVERY_MS_IN_LOGS = 5_000

/** Shows progress, speed and remaining time: one updating line on a terminal, occasional lines elsewhere. */
export function printProgress(io: Io): { onProgress: (progress: Progress) => void; end: () => void } {
  const isTerminal = io.stderr.isTTY === true
  const start = performance.now()
  let last = isTerminal ? 0 : start
  const onProgress = (progress: Progress) => {
    const now = performance.now()
    if (now - last < (isTerminal ? EVERY_MS : EVERY_MS_IN_LOGS)) return
    last = now
    const line = formatProgress(progress, now - start)
    if (isTerminal) io.stderr.write(`\r\u001b[2K${line}`)
    else note(io, line)
  }
  const end = () => {
    if (isTerminal) io.stderr.write('\r\u001b[2K')
  }
  return { onProgress, end }
}

function formatProgress({ done, total, chunks }: Progress, ms: number): string {
  const rate = Math.round((chunks * 1_000) / Math.max(1, ms))
  const left = (ms / done) * (total - done)
  return `${done} of ${total} documents, ${chunks} chunks, ${rate} chunks/s, about ${formatDuration(left)} left`
}

function formatDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

export function printIngested({ indexed, unchanged, removed, chunks, skipped }: Ingested, io: Io): void {
  for (const line of skipped) note(io, `left out: ${line}`)
  note(
    io,
    `${indexed} documents indexed (${chunks} chunks), ${unchanged} unchanged, ${removed} removed, ${skipped.length} left out`,
  )
}
