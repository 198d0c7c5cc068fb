import * as z from 'zod'

export const LENGTHS = ['short', 'medium', 'long'] as const
export const STYLES = ['paragraph', 'bullets', 'tldr'] as const

/** What a summary is asked for: the prompt, the heuristic and the evals all start from this. */
export const summaryRequest = z.strictObject({
  text: z.string(),
  length: z.enum(LENGTHS),
  style: z.enum(STYLES),
})
export type SummaryRequest = z.infer<typeof summaryRequest>
export type Length = SummaryRequest['length']
export type Style = SummaryRequest['style']

const WORDS: Record<Length, number> = { short: 60, medium: 130, long: 260 }
const TLDR_WORDS: Record<Length, number> = { short: 25, medium: 35, long: 50 }

/** How long the summary should be, in words. */
export function targetWords({ length, style }: Pick<SummaryRequest, 'length' | 'style'>): number {
  return style === 'tldr' ? TLDR_WORDS[length] : WORDS[length]
}
