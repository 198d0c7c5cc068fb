import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { replaceFile } from '#kit/console/replace-file'
import { CannotRunError, toErrorMessage } from '#kit/evals/errors'
import { type Provider, providerSchema } from '#kit/evals/report'
import type { Answered } from '#kit/evals/suite'
import { type KeptAnswer, parseLine } from './answers.ts'

const FOLDER = 'evals/recordings'

const header = z.strictObject({
  schema: z.literal('eval-recording.v1'),
  target: z.string(),
  provider: providerSchema,
  recordedAt: z.iso.datetime(),
  repeats: z.int().min(1),
  answers: z.int().min(1),
  /** Hash of the lines below, which detects a recording that was cut or edited. */
  sha256: z.string(),
})
export type RecordingHeader = z.infer<typeof header>

export interface Recording extends Omit<RecordingHeader, 'schema' | 'answers' | 'sha256'> {
  path: string
  get(key: string): Answered | undefined
}

export function toRecordingPath(target: string, { name }: Pick<Provider, 'name'>): string {
  return `${FOLDER}/${target}.${name.replaceAll(/[^\w-]/g, '-')}.jsonl`
}

/** The path of the judge's verdicts on a recording. */
export function toVerdictsPath(recording: string): string {
  return recording.replace(/\.jsonl$/, '.judge.json')
}

/**
 * Writes a whole recording at the end of a run without errors. Lines are sorted, so that a diff shows what
 * changed.
 */
export async function writeRecording(
  root: string,
  about: Pick<RecordingHeader, 'target' | 'provider' | 'recordedAt' | 'repeats'>,
  answers: readonly KeptAnswer[],
): Promise<string> {
  const lines = answers.map((answer) => `${JSON.stringify(answer)}\n`).sort()
  const body = lines.join('')
  const first = {
    schema: 'eval-recording.v1',
    ...about,
    answers: lines.length,
    sha256: hashBody(body),
  } as const
  const path = toRecordingPath(about.target, about.provider)
  await replaceFile(join(root, path), `${JSON.stringify(header.parse(first))}\n${body}`)
  return path
}

/** Throws `CannotRunError` for one that is missing, cut or edited. */
export async function readRecording(root: string, path: string): Promise<Recording> {
  const again = 'Record it again: npm run eval -- --record'
  try {
    const text = await readFile(join(root, path), 'utf8')
    const end = text.indexOf('\n') + 1
    const { target, provider, recordedAt, repeats, ...held } = header.parse(JSON.parse(text.slice(0, end)))
    const body = text.slice(end)
    const kept = body.split('\n').flatMap((line) => parseLine(line) ?? [])
    if (hashBody(body) !== held.sha256 || kept.length !== held.answers)
      throw new Error(`${kept.length} of ${held.answers} answers can be read, or they were edited`)
    const byKey = new Map(kept.map(({ key, answered }) => [key, answered]))
    return { target, provider, recordedAt, repeats, path, get: (key) => byKey.get(key) }
  } catch (error) {
    throw new CannotRunError(`${path} is no complete recording: ${toErrorMessage(error)}`, again)
  }
}

/** Lists the paths of all recordings. */
export async function listRecordings(root: string): Promise<string[]> {
  try {
    const names = await readdir(join(root, FOLDER))
    return names
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => `${FOLDER}/${name}`)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function hashBody(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}
