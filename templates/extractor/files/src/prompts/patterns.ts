import { fewShot } from './few-shot.ts'
import { splitInTwo } from './split-in-two.ts'
import { zeroShot } from './zero-shot.ts'

export const PATTERNS = { 'zero-shot': zeroShot, 'few-shot': fewShot, 'split-in-two': splitInTwo } as const
export type PatternName = keyof typeof PATTERNS
export const PATTERN_NAMES = [
  'zero-shot',
  'few-shot',
  'split-in-two',
] as const satisfies readonly PatternName[]
