import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packAndInstall, run } from '../install.ts'
import { table } from '../table.ts'
import type { Said } from './ask.ts'

/**
 * What a generated RAG bot answers without a key: 70 questions in eight languages over ten pages that we wrote for this, before the
 * bot was asked any of them. A fact counts when one of its spellings is in the answer. `BEFORE=DIR` also asks the bot of another
 * checkout of this repository, `SHOW=1` prints what went wrong.
 * Run from the root: npm run build && node .build/bench/answers/main.js
 */

interface Question {
  id: string
  kind: string
  question: string
  facts?: string[][]
  document?: string
}

const HERE = 'bench/answers'
const questions = readFileSync(`${HERE}/questions.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Question)

const fold = (text: string) => text.normalize('NFKC').replaceAll(/\s+/g, ' ').toLowerCase()

/** Whether an answer is what the question asks for: every fact, or a refusal where the pages do not say. */
function isRight({ facts }: Question, { text, refused }: Said): boolean {
  if (!facts) return refused
  return !refused && facts.every((ways) => ways.some((way) => fold(text).includes(fold(way))))
}

function askAll(checkout: string, home: string): Map<string, Said> {
  mkdirSync(home)
  const bin = packAndInstall(home, checkout)
  const project = join(home, 'bot')
  run('node', [bin, 'new', 'rag-bot', project, '--store', 'chroma', '--yes', '--no-git'], home)
  run('npm', ['run', 'build'], project)
  const script = join(import.meta.dirname, 'ask.js')
  const paths = ['documents', 'questions.jsonl'].map((name) => resolve(HERE, name))
  const said = JSON.parse(run('node', [script, ...paths], project)) as Said[]
  return new Map(said.map((one) => [one.id, one]))
}

/** Rows by kind and by language, then of all. */
function summarise(said: ReadonlyMap<string, Said>): Map<string, string> {
  const answerOf = ({ id }: Question) => said.get(id) ?? { id, text: '', refused: false, documents: [] }
  const share = (chosen: readonly Question[], test: (one: Question) => boolean) =>
    `${chosen.filter(test).length} of ${chosen.length}`
  const right = (one: Question) => isRight(one, answerOf(one))
  const answerable = questions.filter(({ facts }) => facts)
  const rows = new Map<string, string>()
  for (const kind of new Set(answerable.map((one) => one.kind)))
    rows.set(
      `fact in the answer: ${kind}`,
      share(
        answerable.filter((one) => one.kind === kind),
        right,
      ),
    )
  for (const language of new Set(answerable.map(({ id }) => id.slice(0, 2))))
    rows.set(
      `fact in the answer: ${language}`,
      share(
        answerable.filter(({ id }) => id.startsWith(language)),
        right,
      ),
    )
  rows.set('fact in the answer: all', share(answerable, right))
  const hasPage = (one: Question) => answerOf(one).documents.includes(one.document ?? '')
  rows.set('right page among the sources', share(answerable, hasPage))
  rows.set(
    'false refusals',
    share(answerable, (one) => answerOf(one).refused),
  )
  rows.set(
    'right refusals',
    share(
      questions.filter(({ facts }) => !facts),
      right,
    ),
  )
  return rows
}

const home = mkdtempSync(join(tmpdir(), 'ai-eng-answers-'))
try {
  const { BEFORE, SHOW } = process.env
  const before = BEFORE ? askAll(resolve(BEFORE), join(home, 'before')) : undefined
  const now = askAll(process.cwd(), join(home, 'now'))
  const [old, rows] = [before && summarise(before), summarise(now)]
  console.log(`\n${questions.length} questions, heuristic provider, ${process.version}\n`)
  const header = ['', ...(old ? ['before'] : []), 'now']
  console.log(
    table(
      header,
      [...rows].map(([name, value]) => [name, ...(old ? [old.get(name) ?? ''] : []), value]),
    ),
  )
  if (SHOW) {
    for (const one of questions) {
      const said = now.get(one.id)
      if (said && !isRight(one, said)) console.log(`\n${one.id}: ${one.question}\n  ${said.text}`)
    }
  }
} finally {
  rmSync(home, { recursive: true })
}
