import type { Answer, BotParts, RunningBot, Source, Turn } from '#kit/bot/contract'
import { UsageError } from '#kit/console/errors'
import { toJson } from '#kit/console/json'
import { type Io, note, write } from '#kit/console/process'
import { stripInvisible } from '#kit/files/text'
import type { Claim } from '#kit/retrieval/citations'
import type { Filter } from '#kit/store/store'

/** A bot in the middle of a conversation. */
export interface Conversation extends BotParts, Pick<RunningBot, 'ask'> {
  filter: Filter
  json: boolean
  turns: Turn[]
}

/**
 * Streams an answer to standard output with its sources below it; warnings go to standard error. Only a
 * complete turn joins the conversation.
 */
export async function printAnswer(
  question: string,
  bot: Conversation,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  if (stripInvisible(question).trim() === '')
    throw new UsageError('Ask something', 'Nothing in this question can be seen.')
  const { json, filter, turns } = bot
  let answer: Answer | undefined
  for await (const event of bot.ask({ question, history: turns, filter, signal })) {
    if (event.type === 'delta' && !json) await write(io.stdout, event.text)
    if (event.type === 'done') answer = event.answer
  }
  if (answer === undefined) throw new Error('the answer has no end')
  turns.push({ question: answer.question, answer: answer.text })
  if (json) return write(io.stdout, `${toJson(toAnswerReport(answer, bot))}\n`)
  await write(io.stdout, `\n${formatSources(answer)}`)
  for (const line of describe(answer, question)) note(io, line)
}

/**
 * `[1] handbook/leave.md: Leave > Parents`, below a blank line, so that an answer that is saved keeps the
 * meaning of its numbers.
 */
function formatSources({ sources, citations }: Answer): string {
  const cited = sources.filter(({ number }) => citations.used.includes(number))
  const lines = cited.map((source) => `[${source.number}] ${formatSourcePlace(source)}\n`)
  return lines.length === 0 ? '' : `\n${lines.join('')}`
}

function describe(answer: Answer, asked: string): string[] {
  const { question, refused, sources } = answer
  const understood = question === asked ? [] : [`understood as: ${question}`]
  if (!refused) return [...understood, ...listWarnings(answer)]
  const nearest = sources.slice(0, 3).map(formatSourcePlace)
  return [...understood, ...(nearest.length > 0 ? ['nearest sections:'] : []), ...nearest]
}

/** Lists the claims of an answer that no source supports. */
function listWarnings({ citations: { claims, unknown } }: Answer): string[] {
  const about = ({ text, missing }: Claim) =>
    `"${text.slice(0, 80)}"${missing.length > 0 ? ` (not there: ${missing.slice(0, 5).join(', ')})` : ''}`
  const of = (support: Claim['support']) => claims.filter((claim) => claim.support === support)
  return [
    ...unknown.map((number) => `warning: cites [${number}], and there is no such source`),
    ...of('unsupported').map((claim) => `warning: the cited source does not say this: ${about(claim)}`),
    ...of('uncited').map((claim) => `warning: no source is cited for this: ${about(claim)}`),
  ]
}

function formatSourcePlace({ document, title, headings }: Source): string {
  return `${document}: ${[title, ...headings].join(' > ')}`
}

function toAnswerReport(answer: Answer, { llm: { provider, modelId: model, meter } }: Conversation) {
  return { schema: 'rag-answer.v1', provider, model, ...answer, usage: meter.total() }
}
