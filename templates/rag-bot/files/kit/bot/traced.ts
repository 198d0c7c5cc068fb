import { SpanKind } from '@opentelemetry/api'
import { ATTR } from '#kit/otel/names'
import { generateWithSpan, recordContent, runWithSpan } from '#kit/otel/spans'
import type { AnswerEvent, Found, Question } from './contract.ts'

/** The same function, with a span `invoke_workflow ask` around every answer. */
export function traceAsk(
  ask: (question: Question) => AsyncGenerator<AnswerEvent>,
): (question: Question) => AsyncGenerator<AnswerEvent> {
  const attributes = { [ATTR.operation]: 'invoke_workflow', [ATTR.workflow]: 'ask' }
  return (question) => {
    const { signal } = question
    return generateWithSpan({ name: 'invoke_workflow ask', attributes, signal }, () => ask(question))
  }
}

interface TracedSearch {
  question: string
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

/** The same function, with a span `retrieval INDEX` around every search. */
export function traceRetrieve<S extends TracedSearch, F extends Found>(
  index: string,
  retrieve: (search: S) => Promise<F>,
): (search: S) => Promise<F> {
  return (search) => {
    const attributes = {
      [ATTR.operation]: 'retrieval',
      [ATTR.dataSource]: index,
      ...recordContent(() => ({ [ATTR.retrievalQuery]: search.question })),
    }
    const start = { name: `retrieval ${index}`, kind: SpanKind.CLIENT, signal: search.signal, attributes }
    return runWithSpan(start, async (span) => {
      const found = await retrieve(search)
      const hits = found.hits.map(({ chunk, score }) => ({ id: chunk.id, score }))
      span.setAttribute(ATTR.topK, search.limit ?? hits.length)
      span.setAttributes(recordContent(() => ({ [ATTR.retrievalDocuments]: JSON.stringify(hits) })))
      return found
    })
  }
}
