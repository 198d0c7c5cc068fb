import { appendFile, mkdir, readFile, rm, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'
import type { Answered } from '#kit/evals/suite'

const share = z.number().min(0)
const answered = z.object({
  output: z.string(),
  sources: z.array(z.object({ document: z.string(), text: z.string() })).optional(),
  citations: z.array(z.object({ claim: z.string(), sources: z.array(z.number()) })).optional(),
  latencyMs: z.int().min(0),
  usage: z
    .object({ inputTokens: z.int().min(0), outputTokens: z.int().min(0), costUsd: share.nullable() })
    .optional(),
})
export const keptAnswer = z.strictObject({ key: z.string(), answered })

/** An answer under a key that hashes everything that decided it. */
export interface KeptAnswer {
  key: string
  answered: Answered
}

export interface Answers {
  get(key: string): Answered | undefined
  /** Resolves when the answer is on disk, so that it survives a kill. */
  add(answer: KeptAnswer): Promise<void>
  size: number
}

/**
 * Opens a file of answers, one per line. A last line that cannot be read was being written when its process
 * was killed: it is cut off, so that the next one starts on a new line.
 */
export async function openAnswers(path: string): Promise<Answers> {
  const text = await readAnswersFile(path)
  const complete = text.lastIndexOf('\n') + 1
  if (complete < text.length) await truncate(path, Buffer.byteLength(text.slice(0, complete)))
  const known = new Map<string, Answered>()
  for (const line of text.slice(0, complete).split('\n')) {
    const kept = parseLine(line)
    if (kept) known.set(kept.key, kept.answered)
  }
  await mkdir(dirname(path), { recursive: true })
  const append = createAppender(path)
  return {
    get: (key) => known.get(key),
    add(kept) {
      known.set(kept.key, kept.answered)
      return append(`${JSON.stringify(kept)}\n`)
    },
    get size() {
      return known.size
    },
  }
}

/**
 * Creates a function that appends to a file, one write after another: two at once could mix their lines.
 * Lines that arrive during a write share the next one, so that no caller waits for more than two.
 */
function createAppender(path: string): (line: string) => Promise<void> {
  let waiting: string[] = []
  let last = Promise.resolve()
  let next: Promise<void> | undefined
  return (line) => {
    waiting.push(line)
    if (next !== undefined) return next
    next = last.then(() => {
      const lines = waiting
      waiting = []
      next = undefined
      return appendFile(path, lines.join(''))
    })
    last = next
    return next
  }
}

export async function removeAnswers(path: string): Promise<void> {
  await rm(path, { force: true })
}

/** Parses one line; undefined when it is not an answer. */
export function parseLine(line: string): KeptAnswer | undefined {
  try {
    const { key, answered } = keptAnswer.parse(JSON.parse(line))
    const { sources, citations, usage, ...rest } = answered
    const known = { ...(sources && { sources }), ...(citations && { citations }), ...(usage && { usage }) }
    return { key, answered: { ...rest, ...known } }
  } catch {
    return undefined
  }
}

async function readAnswersFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
