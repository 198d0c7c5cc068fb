export const LENGTHS = ['short', 'medium', 'long'] as const
export const STYLES = ['paragraph', 'bullets', 'tldr'] as const
export type Length = (typeof LENGTHS)[number]
export type Style = (typeof STYLES)[number]

/** What a reader asks for. */
export interface SummaryRequest {
  text: string
  length: Length
  style: Style
}

const WORDS: Record<Length, number> = { short: 60, medium: 130, long: 260 }
const TLDR_WORDS: Record<Length, number> = { short: 25, medium: 35, long: 50 }

/** Returns how long the summary should be, in words. */
export function chooseWordCount({ length, style }: Pick<SummaryRequest, 'length' | 'style'>): number {
  return style === 'tldr' ? TLDR_WORDS[length] : WORDS[length]
}
