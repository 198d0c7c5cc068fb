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

/** Why a file is no recording that evals can run on, of a model; undefined when it is one. `sha256` gives the hash of a text in hex. */
export function findRecordingProblem(text: string, sha256: (text: string) => string): string | undefined {
  const end = text.indexOf('\n') + 1
  const parsed = header.safeParse(tryParseLine(text.slice(0, end)))
  if (!parsed.success) return 'its first line is no header of a recording'
  const { provider, answers, sha256: hash } = parsed.data
  const body = text.slice(end).replaceAll('\r\n', '\n')
  const held = body.split('\n').filter((line) => answer.safeParse(tryParseLine(line)).success).length
  if (held !== answers) return `it says ${answers} answers and holds ${held}`
  if (sha256(body) !== hash) return 'its answers are not those that were recorded'
  return provider.deterministic ? `it is of ${provider.name}, which is no model` : undefined
}

function tryParseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // which no schema takes
  }
}
