import * as z from 'zod/mini'
import type { Gate } from '../roadmap/schema.ts'
import { counted, listed } from '../words.ts'
import { chanceText, changeOf, changeText } from './change.ts'

/** What a gate found, told to somebody who does not know the road: gates speak to the learner. */
export interface Wording {
  label: string
  text: string
}

/** What a gate of each kind is about, before anything is there. */
export const KIND_LABELS: Record<Gate['kind'], string> = {
  files: 'Own material',
  command: 'Own tests',
  eval: 'Evals',
  'eval-delta': 'A measured change',
  http: 'A deployed service',
  prose: 'A post about one choice',
  'pull-request': 'A pull request',
  mcp: 'MCP',
  ci: 'CI',
  attest: 'Own words',
}

const filesData = z.looseObject({ files: z.array(z.string()).check(z.minLength(1)) })
const testsData = z.looseObject({ tests: z.number() })
const reportData = z.looseObject({
  suite: z.string(),
  passed: z.number(),
  total: z.number(),
  own: z.array(z.string()),
  ownPassed: z.number(),
  provider: z.looseObject({ model: z.string() }),
})
const baselineData = z.looseObject({
  suite: z.string(),
  model: z.string(),
  passed: z.number(),
  paired: z.number(),
  heuristic: z.number(),
})
const liveData = z.looseObject({ commit: z.string(), ms: z.number() })
const postData = z.looseObject({ title: z.nullable(z.string()), words: z.number() })
const pullData = z.looseObject({ title: z.string(), repository: z.string(), state: z.string() })
const toolsData = z.looseObject({ tools: z.array(z.string()) })

/** From the evidence of a gate; undefined when it is of another form than this version writes. */
export function wordingOf(gate: Gate, data: Record<string, unknown>): Wording | undefined {
  switch (gate.kind) {
    case 'files':
      return read(filesData, data, ({ files }) => ({ label: KIND_LABELS.files, text: listed(files, 3) }))
    case 'command':
      return read(testsData, data, ({ tests }) => ({
        label: KIND_LABELS.command,
        text: `${counted(tests, 'test')} passed`,
      }))
    case 'eval':
      return gate.record === 'report' ? read(reportData, data, report) : read(baselineData, data, baseline)
    case 'eval-delta':
      return measured(data)
    case 'http':
      return read(liveData, data, ({ commit, ms }) => ({
        label: 'Live',
        text: `answered in ${ms} ms, from commit ${commit.slice(0, 7)}`,
      }))
    case 'prose':
      return read(postData, data, ({ title, words }) => ({
        label: title ?? 'Post',
        text: counted(words, 'word'),
      }))
    case 'pull-request':
      return read(pullData, data, ({ title, repository, state }) => ({
        label: title,
        text: `${state === 'merged' ? 'merged into' : 'open in'} ${repository}`,
      }))
    case 'mcp':
      return read(toolsData, data, ({ tools }) => ({
        label: KIND_LABELS.mcp,
        text: `${counted(tools.length, 'tool')}: ${tools.slice(0, 6).join(', ')}`,
      }))
    case 'ci':
      return { label: KIND_LABELS.ci, text: 'green for this code' }
    case 'attest':
      return { label: KIND_LABELS.attest, text: `${gate.question} "${String(data['answer'] ?? '')}"` }
    default:
      return gate satisfies never
  }
}

function read<T>(schema: z.ZodMiniType<T>, data: unknown, tell: (value: T) => Wording): Wording | undefined {
  const parsed = schema.safeParse(data)
  return parsed.success ? tell(parsed.data) : undefined
}

function report({ suite, passed, total, own, ownPassed, provider }: z.infer<typeof reportData>): Wording {
  const mine = own.length > 0 ? `; ${ownPassed} of the ${own.length} that are new pass` : ''
  return { label: `Evals: ${suite}`, text: `${passed}/${total} cases pass${mine} (${provider.model})` }
}

function baseline({ suite, model, passed, paired, heuristic }: z.infer<typeof baselineData>): Wording {
  return {
    label: `Model: ${suite}`,
    text: `${model} ${passed}/${paired}, rules without a model ${heuristic}/${paired}, same cases`,
  }
}

function measured(data: Record<string, unknown>): Wording | undefined {
  const change = changeOf(data)
  if (!change) return undefined
  const { before, after } = change.models
  const who = before === after ? after : `${before} -> ${after}`
  const label = change.name.replaceAll('-', ' ')
  return { label, text: `${changeText(change)} (${who}). ${chanceText(change)}` }
}
