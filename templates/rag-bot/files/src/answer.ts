import { printable } from '#kit/console/printable'
import { visibleText } from '#kit/files/text'
import { streamAnswer } from '#kit/llm/answer'
import type { HeuristicTasks } from '#kit/llm/heuristic'
import type { Llm } from '#kit/llm/model'
import { type AnswerRequest, answerFromSources } from '#kit/offline/answer'
import { ATTR } from '#kit/otel/names'
import { generateInSpan } from '#kit/otel/spans'
import type { CitationCheck } from '#kit/retrieval/citations'
import { evidenceFor, type Passage } from '#kit/retrieval/quotes'
import type { Filter } from '#kit/store/store'
import { type Citation, Citations } from './citing.ts'
import { type Standalone, standalone, type Turn } from './conversation.ts'
import { answerPrompt, REFUSAL, type Source, SYSTEM, sourceOf } from './prompts.ts'
import { type Retrieval, type Retriever, retrieve } from './retrieve.ts'
import { settings } from './settings.ts'

/** A bot: documents that were indexed, and who answers from them. */
export interface Bot extends Retriever {
  llm: Llm
}

/** What happens while a question is answered: the sources first, then deltas and, a little behind them, what was checked of them; done at the end. */
export type AnswerEvent =
  | { type: 'sources'; question: string; sources: Source[] }
  | { type: 'delta'; text: string }
  | { type: 'citation'; citation: Citation }
  | { type: 'done'; answer: Answer }

export interface Answer {
  /** As it was understood. */
  question: string
  text: string
  /** The docs do not answer it. */
  refused: boolean
  /** What was sent along; after a refusal, the nearest sections. */
  sources: Source[]
  citations: CitationCheck
  /** Each claim with the passages that it rests on. */
  cited: Citation[]
}

export interface Question {
  question: string
  history?: readonly Turn[]
  filter?: Filter
  signal?: AbortSignal
}

/** What the embedded heuristic provider can be asked here. */
export const heuristicTasks: HeuristicTasks = { answer: (input) => answerFromSources(input) }

/**
 * Answers a question from the indexed documents, streamed, every citation checked against the text that was retrieved. Below the evidence threshold no model
 * is asked at all; a question without a term to look for has no such threshold. Throws what the store and the provider layer throw, also after text was shown.
 */
export function ask(bot: Bot, question: Question): AsyncGenerator<AnswerEvent> {
  const attributes = { [ATTR.operation]: 'invoke_workflow', [ATTR.workflow]: 'ask' }
  const { signal } = question
  return generateInSpan({ name: 'invoke_workflow ask', attributes, signal }, () => answering(bot, question))
}

async function* answering(
  bot: Bot,
  { question, history = [], filter, signal }: Question,
): AsyncGenerator<AnswerEvent> {
  // Documents were cleaned in the same way: a character that nobody sees must not keep words from being found.
  const understood = await standalone(bot.llm, visibleText(question), history, signal)
  const searched = `${understood.question} ${understood.previous}`.trim()
  const retrieval = await retrieve(bot, {
    question: searched,
    ...(filter && { filter }),
    ...(signal && { signal }),
  })
  const sources = retrieval.hits.map(sourceOf)
  yield { type: 'sources', question: understood.question, sources }

  let text = ''
  const citations = new Citations(sources)
  for await (const delta of printable(textOf(bot, understood, { ...retrieval, sources }, signal))) {
    text += delta
    yield { type: 'delta', text: delta }
    for (const citation of citations.settled(text)) yield { type: 'citation', citation }
  }
  // Nothing but that: what follows a refusal is an answer, and is checked like one.
  const refused = text.trim() === REFUSAL
  const { cited, check } = citations.all(refused ? '' : text)
  const answer = {
    question: understood.question,
    text: text.trim(),
    refused,
    sources,
    citations: check,
    cited,
  }
  yield { type: 'done', answer }
}

async function* textOf(
  bot: Bot,
  { question, previous }: Standalone,
  { sources, weights, strategy }: Retrieval & { sources: Source[] },
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const asked = { question, previous, weights }
  // Only words that were looked for can be missing: the strategy is another when there was none.
  const isBelow = strategy === 'lexical' && evidenceFor(asked, sources.map(toPassage)) < settings.minEvidence
  if (sources.length === 0 || isBelow) {
    yield REFUSAL
    return
  }
  const input: AnswerRequest = {
    question,
    previous,
    sources: sources.map(({ document, text, title, headings }) => ({
      document,
      heading: [title, ...headings].join(' '),
      text,
    })),
    weights: Object.fromEntries(weights),
  }
  yield* streamAnswer(bot.llm, {
    system: SYSTEM,
    prompt: answerPrompt(question, sources),
    heuristic: { task: 'answer', input },
    maxOutputTokens: settings.maxAnswerTokens,
    ...(signal && { signal }),
  })
}

function toPassage({ document, title, headings, text }: Source): Passage {
  return { source: document, heading: [title, ...headings].join(' '), text }
}
