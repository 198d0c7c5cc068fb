import { extractTerms } from '#kit/retrieval/terms'
import { readProperties, type ToolDescription } from './describe.ts'
import { dropValues } from './request.ts'

/**
 * The weight of a word by its place in the tool: authors choose a name more carefully than
 * a parameter's description.
 */
const WEIGHTS = { name: 1, description: 0.7, parameters: 0.5 }
/**
 * A request's word that no tool has hints at another subject, but less strongly than a
 * tool's word names its own.
 */
const UNKNOWN_WORD = 0.6

export interface ScoredTool {
  tool: ToolDescription
  /** 0 to 1. */
  score: number
}

/**
 * Ranks the tools by how much of the request their words cover, best first; equal scores keep their order.
 * Quoted text and numbers are arguments, so they don't count.
 */
export function scoreTools(request: string, tools: readonly ToolDescription[]): ScoredTool[] {
  const weighted = tools.map((tool) => ({ tool, weights: weighToolTerms(tool) }))
  const asked = [...new Set(extractTerms(dropValues(request)))]
  const telling = (term: string) => {
    const having = weighted.filter(({ weights }) => weights.has(term)).length
    // BM25's idf: a word that every tool has distinguishes them the least.
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

/** Returns each term of a tool, with the weight of the best place it appears in. */
function weighToolTerms({ name, description = '', inputSchema }: ToolDescription): Map<string, number> {
  const parameters = readProperties(inputSchema).flatMap((property) => [
    property.name,
    property.description,
    ...property.choices,
  ])
  const places = [
    [parameters.join('\n'), WEIGHTS.parameters],
    [description, WEIGHTS.description],
    [name, WEIGHTS.name],
  ] as const
  // The best place comes last, so it wins.
  return new Map(
    places.flatMap(([text, weight]) => extractTerms(text).map((term) => [term, weight] as const)),
  )
}
