import { extractTerms } from '#kit/retrieval/terms'

/** A piece of a request: a word, or a value that can be an argument. */
export type Token =
  | { kind: 'word'; text: string; terms: readonly string[] }
  | { kind: 'quoted'; text: string }
  | { kind: 'number'; value: number }

// An apostrophe is not a quote: a single quote must open and close outside of words.
const QUOTED = String.raw`"([^"\n]*)"|“([^”\n]*)”|\x60([^\x60\n]*)\x60|(?<![\p{L}\p{N}])'([^'\n]*)'(?![\p{L}\p{N}])`
// Not a part of 14:05, v2, 2025-11-24 or 10.0.0.1: those are words.
const NUMBER = String.raw`(?<![\p{L}\p{N}.:/_-])(-?\d+(?:\.\d+)?)(?![\p{L}\p{N}:/_-]|\.\d)`
const WORD = String.raw`[\p{L}\p{N}_]+(?:[-.:/][\p{L}\p{N}_]+)*`
const TOKEN = new RegExp(`${QUOTED}|${NUMBER}|(${WORD})`, 'gu')

export function splitRequest(request: string): Token[] {
  return [...request.matchAll(TOKEN)].map(([, a, b, c, d, number, word = '']) => {
    const quoted = a ?? b ?? c ?? d
    if (quoted !== undefined) return { kind: 'quoted', text: quoted }
    if (number !== undefined) return { kind: 'number', value: Number(number) }
    return { kind: 'word', text: word, terms: extractTerms(word) }
  })
}

/** Returns the request's words, without the values that can be arguments. */
export function dropValues(request: string): string {
  return splitRequest(request)
    .flatMap((token) => (token.kind === 'word' ? token.text : []))
    .join(' ')
}
