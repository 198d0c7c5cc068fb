const ASKS =
  /\?|^\s*(?:who|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|should|will|has|have|list|show|tell|find|give|explain|describe|summari[sz]e|name)\b/i

/** Whether the user tells something ("I am on call this week") instead of asking. */
export function isStatement(text: string): boolean {
  return !ASKS.test(text) && /\b(?:I|I'm|my|we|our|remember)\b/i.test(text)
}
