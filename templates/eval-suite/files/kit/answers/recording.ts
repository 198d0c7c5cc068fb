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
  /** Of the lines that follow: a recording that was cut or edited is not what was said. */
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

/** What the judge said about the answers of a recording. */
export function toVerdictsPath(recording: string): string {
  return recording.replace(/\.jsonl$/, '.judge.json')
}

/** Written whole, at the end of a run without errors: half a recording is none. Sorted, so that its diff shows what changed. */
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
    sha256: sha256(body),
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
    if (sha256(body) !== held.sha256 || kept.length !== held.answers)
      throw new Error(`${kept.length} of ${held.answers} answers can be read, or they were edited`)
    const byKey = new Map(kept.map(({ key, answered }) => [key, answered]))
    return { target, provider, recordedAt, repeats, path, get: (key) => byKey.get(key) }
  } catch (error) {
    throw new CannotRunError(`${path} is no complete recording: ${toErrorMessage(error)}`, again)
  }
}

/** Paths of the recordings that are there. */
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

function sha256(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}
