/**
 * @typedef {import('./contract.js').Citation} Citation
 * @typedef {{ text: string, claims: number[] }} Segment  claims: indexes of those that rest on it; none when it is not marked
 */

const CONTEXT = 240 // characters of an excerpt that has no passage

/**
 * A source's text, cut where passages begin and end. Offsets that the text does not have are clamped; joined, the segments are the text.
 * @param {{ number: number, text: string }} source @param {readonly Citation[]} citations @returns {Segment[]}
 */
export function segmentsOf({ number, text }, citations) {
  const spans = citations.flatMap(({ index, passages }) =>
    passages
      .filter(({ source, start, end }) => source === number && start < Math.min(end, text.length))
      .map(({ start, end }) => ({ index, start, end: Math.min(end, text.length) })),
  )
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])]
  cuts.sort((a, b) => a - b)
  return cuts.slice(1).map((end, position) => {
    const start = cuts[position] ?? 0
    const covering = spans.filter((span) => span.start <= start && end <= span.end)
    return { text: text.slice(start, end), claims: [...new Set(covering.map(({ index }) => index))] }
  })
}

/**
 * What a closed source shows: its marked passages, else how it begins.
 * @param {readonly Segment[]} segments @returns {string}
 */
export function excerptOf(segments) {
  const marked = segments.map(({ text, claims }) => (claims.length > 0 ? text : '\0')).join('')
  const quotes = marked.split(/\0+/).map((quote) => quote.trim())
  const excerpt = quotes.filter(Boolean).join(' … ')
  if (excerpt !== '') return excerpt
  return segments
    .map(({ text }) => text)
    .join('')
    .trim()
    .slice(0, CONTEXT)
}
