import { termsOf } from '#kit/retrieval/terms'
import { propertiesOf, type ToolDescription } from './describe.ts'
import { wordsOutsideOfValues } from './request.ts'

/** What a word counts for by where a tool has it: a name is chosen with more care than the description of a parameter. */
const WEIGHTS = { name: 1, description: 0.7, parameters: 0.5 }
/** A word of the request that no tool has says that it is about something else, but less than a word of a tool says what it is about. */
const UNKNOWN_WORD = 0.6

export interface ScoredTool {
  tool: ToolDescription
  /** 0 to 1. */
  score: number
}

/** The tools by how much of the request their words cover, best first; with the same score in their order. What stands in quotes is an argument and says nothing about the tool. */
export function scoreTools(request: string, tools: readonly ToolDescription[]): ScoredTool[] {
  const weighted = tools.map((tool) => ({ tool, weights: weightsOf(tool) }))
  const asked = [...new Set(termsOf(wordsOutsideOfValues(request)))]
  const telling = (term: string) => {
    const having = weighted.filter(({ weights }) => weights.has(term)).length
    // As BM25 has it: what every tool says tells them apart the least.
    const idf = Math.log(1 + (tools.length - having + 0.5) / (having + 0.5))
    return having === 0 ? idf * UNKNOWN_WORD : idf
  }
  const terms = asked.map((term) => ({ term, weight: telling(term) }))
  const total = terms.reduce((sum, { weight }) => sum + weight, 0)
  const scored = weighted.map(({ tool, weights }) => {
    const covered = terms.reduce((sum, { term, weight }) => sum + weight * (weights.get(term) ?? 0), 0)
    return { tool, score: total === 0 ? 0 : covered / total }
  })
  return scored.sort((a, b) => b.score - a.score)
}

/** Each term of a tool with the weight of the best place that it stands in. */
function weightsOf({ name, description = '', inputSchema }: ToolDescription): Map<string, number> {
  const parameters = propertiesOf(inputSchema).flatMap((property) => [
    property.name,
    property.description,
    ...property.choices,
  ])
  const places = [
    [parameters.join('\n'), WEIGHTS.parameters],
    [description, WEIGHTS.description],
    [name, WEIGHTS.name],
  ] as const
  // The best place comes last and wins.
  return new Map(places.flatMap(([text, weight]) => termsOf(text).map((term) => [term, weight] as const)))
}
