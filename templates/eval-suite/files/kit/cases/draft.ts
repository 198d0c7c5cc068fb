import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import * as z from 'zod'
import { replaceFile } from '#kit/console/replace-file'
import { splitSections } from '#kit/retrieval/markdown'
import type { BotDocument } from '#kit/targets/documents'
import type { CaseRules, SuiteCase } from './case.ts'
import { lintCases } from './lint.ts'
import { readAllCases } from './read.ts'

/** Marks a case that no person has checked. */
export const DRAFT = 'draft'

const READABLE = ['.md', '.mdx', '.txt']
const SHORTEST = 80 // characters; less says too little to ask about

export interface DraftPassage {
  /** The document's name in the bot's index. */
  document: string
  heading: string
  text: string
}

export interface Drafting {
  /** Where the cases go: `evals/NAME.jsonl`. */
  cases: string
  /** How many are wanted. */
  count: number
  /** Writes a question about a passage as `{"question", "answer"}`; anything else: none. */
  write(passage: DraftPassage): Promise<string>
}

export interface Drafted {
  cases: SuiteCase[]
  /** Documents that were read. */
  documents: number
  /** Drafts that were thrown away, such as those whose answer the passage does not state. */
  dropped: number
}

/** Splits documents into those that can be read here and the names of the others. */
export function sortDocuments(documents: readonly BotDocument[]) {
  const isReadable = ({ name }: BotDocument) => READABLE.includes(extname(name).toLowerCase())
  return {
    readable: documents.filter(isReadable),
    others: documents.filter((one) => !isReadable(one)).map(({ name }) => name),
  }
}

/** Reads the passages of each document that are long enough to ask about, in their order. */
export async function readPassages(documents: readonly BotDocument[]): Promise<DraftPassage[][]> {
  const read = documents.map(async ({ name, path }) => {
    const sections = splitSections(await readFile(path, 'utf8'))
    return sections.flatMap(({ headings, blocks }) => {
      const prose = blocks.filter(({ kind }) => kind === 'prose' || kind === 'list')
      const text = prose.map(({ lines }) => lines.map(dropBullet).join(' ')).join('\n\n')
      return text.length < SHORTEST ? [] : [{ document: name, heading: headings.at(-1) ?? '', text }]
    })
  })
  return Promise.all(read)
}

function dropBullet(line: string): string {
  return line.trim().replace(/^(?:[-*+]|\d+[.)])\s+/, '')
}

/**
 * Drafts cases about passages, a document after the other and then its next passage, so that all documents are asked
 * about. Each is tagged `draft`, and appended to the file. A draft with lint problems is dropped.
 */
export async function draftCases(
  root: string,
  passages: readonly (readonly DraftPassage[])[],
  { cases: file, count, write }: Drafting,
  rules: CaseRules,
): Promise<Drafted> {
  const known = await readAllCases(root, rules)
  const cases: SuiteCase[] = []
  let dropped = 0
  for (const passage of takeTurns(passages)) {
    if (cases.length >= count) break
    const draft = parseDraft(await write(passage))
    if (draft === undefined) continue
    const taken = new Set([...known.map(({ testCase }) => testCase.id), ...cases.map(({ id }) => id)])
    const testCase = toCase(passage, draft, nameCase(passage.document, taken), rules)
    const placed = [...known, ...cases.map((one) => ({ testCase: one, file }))]
    const problems = lintCases([...placed, { testCase, file }], new Map(), rules)
    const isLinted = problems.some((line) => line.startsWith(`${file}: ${testCase.id}: `))
    if (isLinted || !states(passage.text, draft.answer)) dropped += 1
    else cases.push(testCase)
  }
  if (cases.length > 0) await appendCases(root, file, cases)
  return { cases, documents: passages.length, dropped }
}

/** The first passage of every document, then the second of every document, and so on. */
function takeTurns(passages: readonly (readonly DraftPassage[])[]): DraftPassage[] {
  const longest = Math.max(0, ...passages.map(({ length }) => length))
  const rounds = Array.from({ length: longest }, (_none, round) => round)
  return rounds.flatMap((round) => passages.flatMap((own) => own[round] ?? []))
}

const draftShape = z.object({ question: z.string().min(8), answer: z.string().min(1).max(200) })

/** Reads a model's reply, which may stand in a code fence; undefined for one that holds no draft. */
function parseDraft(reply: string): z.infer<typeof draftShape> | undefined {
  const [json] = /\{[\s\S]*\}/.exec(reply) ?? []
  try {
    return draftShape.safeParse(JSON.parse(json ?? '')).data
  } catch {
    return undefined // not JSON: the model found nothing to ask, or did not keep to the form
  }
}

function toCase(
  { document }: DraftPassage,
  { question, answer }: z.infer<typeof draftShape>,
  id: string,
  { schema }: CaseRules,
): SuiteCase {
  const number = /^\d[\d,.]*/.exec(answer)?.[0]
  const spellings = number === undefined || number === answer ? [answer] : [answer, number]
  return schema.parse({
    ...{ id, tags: [DRAFT], input: question, expected: answer },
    graders: [
      { type: 'facts', facts: [spellings] },
      { type: 'citations', documents: [document] },
    ],
  })
}

function nameCase(document: string, taken: ReadonlySet<string>): string {
  const words =
    basename(document, extname(document))
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  const base = words.join('-') || 'document'
  for (let number = 1; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`
}

function states(text: string, answer: string): boolean {
  const fold = (one: string) =>
    one
      .toLowerCase()
      .replaceAll(/[\s*_`]+/g, ' ')
      .trim()
  return fold(text).includes(fold(answer))
}

async function appendCases(root: string, file: string, cases: readonly SuiteCase[]): Promise<void> {
  const path = join(root, file)
  const before = existsSync(path) ? await readFile(path, 'utf8') : ''
  const complete = before === '' || before.endsWith('\n') ? before : `${before}\n`
  await replaceFile(path, `${complete}${cases.map((one) => `${JSON.stringify(one)}\n`).join('')}`)
}
