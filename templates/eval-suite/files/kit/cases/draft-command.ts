import { loadEnv } from '#kit/console/env'
import { InputError, UsageError } from '#kit/console/errors'
import { parseArguments, parseWholeNumber } from '#kit/console/options'
import { type Io, note } from '#kit/console/process'
import { answer } from '#kit/llm/answer'
import { type Llm, openLlm } from '#kit/llm/model'
import { formatUsage } from '#kit/llm/usage'
import { heuristicTasks } from '#kit/offline/tasks'
import { listBotDocuments } from '#kit/targets/documents'
import { readProject } from '#kit/targets/project'
import { fillPlaceholders, readPrompt } from '#kit/targets/prompt-file'
import { addTarget, findProjectTarget, readTargets, TARGETS, toTargetName } from '#kit/targets/targets-file'
import type { CaseRules } from './case.ts'
import { type Drafted, type DraftPassage, draftCases, readPassages, sortDocuments } from './draft.ts'
import { keepCases } from './keep.ts'

const USAGE = `npm run eval:draft -- ../rag-bot            draft cases from the documents that a bot indexes, for your review
  --count N        how many, 1 to 200, default 20
npm run eval:draft -- --keep ID            you have checked a draft: remove its tag; several: several times
  --question TEXT  with one ID: ask it in your words
`

const OPTIONS = {
  count: { type: 'string', default: '20' },
  keep: { type: 'string', multiple: true },
  question: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** `npm run eval:draft`. */
export async function runDraft(args: readonly string[], io: Io, rules: CaseRules): Promise<void> {
  const { values, positionals } = parseArguments(args, OPTIONS)
  const { keep = [], question } = values
  if (values.help) {
    io.stdout.write(USAGE)
    return
  }
  if (keep.length > 0) {
    if (question !== undefined && keep.length > 1)
      throw new UsageError('--question goes with one --keep', 'Try: npm run eval:draft -- --help')
    const kept = await keepCases(io.directory, { ids: keep, question }, rules)
    return note(io, `kept ${kept.join(', ')}: yours now; npm run eval shows how they do`)
  }
  const [directory, ...more] = positionals
  if (directory === undefined || more.length > 0 || question !== undefined)
    throw new UsageError('Wanted: the directory of a bot', 'Try: npm run eval:draft -- ../rag-bot')
  await draftAbout(directory, parseWholeNumber('--count', 1, 200, values.count), io, rules)
}

async function draftAbout(directory: string, count: number, io: Io, rules: CaseRules): Promise<void> {
  const root = io.directory
  await readProject(root, directory)
  const { readable, others } = sortDocuments(await listBotDocuments(root, directory))
  if (readable.length === 0)
    throw new InputError(
      `${directory} has no document that can be read here (.md, .mdx, .txt)`,
      `Index some in ${directory}: npm run ingest -- PATH`,
    )
  const file = await readTargets(root)
  const known = findProjectTarget(file, directory, root)
  const name = known ?? toTargetName(directory, root)
  const cases = (known === undefined ? undefined : file.targets[known]?.cases) ?? `evals/${name}.jsonl`
  const llm = await openLlm({
    env: loadEnv(root, io.env),
    tasks: heuristicTasks,
    announce: (line) => note(io, line),
  })
  const write = await openWriter(root, llm, io.signal)
  const drafted = await draftCases(root, await readPassages(readable), { cases, count, write }, rules)
  if (known === undefined) await addTarget(root, name, { type: 'project', directory, cases })
  tellDrafted(drafted, { name, cases, others, isNew: known === undefined, llm }, io)
}

/** Asks the model of `.env` with `prompts/draft.md`; without one, rules write the draft. */
async function openWriter(root: string, llm: Llm, signal: AbortSignal) {
  const { system, body } = await readPrompt(root, 'prompts/draft.md')
  return ({ document, heading, text }: DraftPassage) => {
    const input = `${document}\n${heading}\n\n${text}`
    return answer(llm, {
      system,
      prompt: fillPlaceholders(body, { input }),
      heuristic: { task: 'draft', input: { heading, text } },
      signal,
    })
  }
}

interface Told {
  name: string
  cases: string
  others: readonly string[]
  isNew: boolean
  llm: Llm
}

function tellDrafted(drafted: Drafted, { name, cases, others, isNew, llm }: Told, io: Io): void {
  const who = llm.deterministic ? 'by rules, each from one sentence' : `by ${llm.provider} / ${llm.modelId}`
  const count = drafted.cases.length
  for (const { id, input, expected } of drafted.cases)
    io.stdout.write(`${id}\n  ${input}\n  ${typeof expected === 'string' ? expected : ''}\n`)
  note(io, `${count} drafts about ${drafted.documents} documents in ${cases}, written ${who}`)
  if (drafted.dropped > 0)
    note(
      io,
      `${drafted.dropped} more thrown away: a passage did not state the answer, or a question gave it away`,
    )
  if (others.length > 0) note(io, `not read: ${others.join(', ')}; only .md, .mdx and .txt are`)
  if (isNew) note(io, `${TARGETS} names the bot now: npm run eval -- --target ${name}`)
  if (!llm.deterministic) note(io, formatUsage(llm.meter.total()))
  if (count === 0) return
  note(io, 'No person has checked a draft, and none counts as yours until you have. For each one:')
  note(io, '  would you ask that, in those words? Is that the answer, and the whole answer? Then:')
  note(io, `  npm run eval:draft -- --keep ${drafted.cases[0]?.id} --question "in your words"`)
}
