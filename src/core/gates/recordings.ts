import * as z from 'zod/mini'

const header = z.looseObject({
  schema: z.literal('eval-recording.v1'),
  target: z.string(),
  provider: z.looseObject({ name: z.string(), model: z.string(), deterministic: z.boolean() }),
  recordedAt: z.iso.datetime(),
  repeats: z.int().check(z.minimum(1)),
  answers: z.int().check(z.minimum(1)),
  sha256: z.string(),
})
const answer = z.looseObject({ key: z.string(), answered: z.looseObject({ output: z.string() }) })

/**
 * Why a file is not a recording of a model that evals can replay; undefined when it is one. `sha256` returns
 * the hash of a text in hex.
 */
export function findRecordingProblem(text: string, sha256: (text: string) => string): string | undefined {
  const end = text.indexOf('\n') + 1
  const parsed = header.safeParse(tryParseLine(text.slice(0, end)))
  if (!parsed.success) return 'its first line is not the header of a recording'
  const { provider, answers, sha256: hash } = parsed.data
  const body = text.slice(end).replaceAll('\r\n', '\n')
  const held = body.split('\n').filter((line) => answer.safeParse(tryParseLine(line)).success).length
  if (held !== answers) return `its header says ${answers} answers, but it contains ${held}`
  if (sha256(body) !== hash) return 'its answers were edited after they were recorded'
  return provider.deterministic ? `it records ${provider.name}, which is not a model` : undefined
}

function tryParseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // which fails every schema
  }
}
