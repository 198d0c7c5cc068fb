import { type AnswerEvent, type Question, toSource } from '#kit/bot/contract'
import { streamPrintable } from '#kit/console/printable'
import { streamAnswer } from '#kit/llm/answer'
import type { Llm } from '#kit/llm/model'
import { toAnswerRequest } from '#kit/offline/answer'
import { correctQuestion } from '#kit/retrieval/asked'
import { CitationLog } from './cite.ts'
import { rewriteQuestion } from './conversation.ts'
import { buildAnswerPrompt, REFUSAL, SYSTEM } from './prompts.ts'
import { hasEvidence, isForeign, refuse } from './refuse.ts'
import type { Retrieval, Search } from './retrieve.ts'
import { settings } from './settings.ts'

/** Who answers, and where it looks. */
export interface Bot {
  llm: Llm
  retrieve(search: Search): Promise<Retrieval>
}

/**
 * Answers a question from the indexed documents: retrieve, answer, cite. Streams sources, text and checked
 * citations, then `done`. Throws what the store and the provider layer throw, also in the middle of an answer.
 */
export async function* answerQuestion(
  bot: Bot,
  { question, history = [], filter, signal }: Question,
): AsyncGenerator<AnswerEvent> {
  // Retrieve: the chunks that say most about the question, numbered from 1.
  const rewritten = await rewriteQuestion(bot.llm, question, history, signal)
  const search = `${rewritten.question} ${rewritten.previous}`.trim()
  const retrieval = await bot.retrieve({ question: search, limit: settings.sources, filter, signal })
  const asked = { ...rewritten, question: correctQuestion(rewritten.question, retrieval.readAs) }
  const sources = retrieval.hits.map(toSource)
  yield { type: 'sources', question: asked.question, sources }

  // Answer: from these sources and nothing else; below the evidence threshold no model is called at all.
  const request = {
    system: SYSTEM,
    prompt: buildAnswerPrompt(asked.question, sources),
    heuristic: { task: 'answer', input: toAnswerRequest({ ...asked, weights: retrieval.weights }, sources) },
    maxOutputTokens: settings.maxAnswerTokens,
    ...(signal && { signal }),
  }
  const isTried =
    hasEvidence(asked, retrieval, sources) || (!bot.llm.deterministic && isForeign(asked.question, sources))
  const words = isTried ? streamAnswer(bot.llm, request) : refuse()

  // Cite: every sentence is checked against the sources that it names, as soon as it is complete.
  const citations = new CitationLog(sources)
  let text = ''
  for await (const delta of streamPrintable(words)) {
    text += delta
    yield { type: 'delta', text: delta }
    for (const citation of citations.settle(text)) yield { type: 'citation', citation }
  }
  const refused = text.trim() === REFUSAL // nothing but that: what follows a refusal is checked like any answer
  const { cited, check } = citations.checkAll(refused ? '' : text)
  const answer = { question: asked.question, text: text.trim(), refused, sources, citations: check, cited }
  yield { type: 'done', answer }
}
