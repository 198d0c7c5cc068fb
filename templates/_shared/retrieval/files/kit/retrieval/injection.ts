/**
 * A sentence of a document that addresses a model instead of the reader tries to steer the answer. No list of
 * such sentences is complete. These patterns find the usual ones, in the languages that most attacks use; one
 * that they miss can still only become text.
 */
const INSTRUCTIONS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|prompts?|rules|directions|guidelines|the above|everything (?:above|before))\b/i,
  /\b(?:ignor(?:iere|a|e|ez)|vergiss|olvida|oubliez|dimentica)\b.{0,40}\b(?:anweisung|regeln|instruc|instruction|consignes|istruzioni)/i,
  /^\W*(?:system|assistant|user|developer)\s*(?:prompt|message)?\s*:/i,
  /<\|?\/?(?:im_start|im_end|system|assistant|user|endoftext)\|?>|\[\/?INST\]|<<\/?SYS>>/i,
  /\b(?:system|hidden|initial|developer) (?:prompt|message|instructions?)\b/i,
  /\byou are (?:now|no longer)\b|\b(?:act|behave|respond|answer) as (?:if|an?|though)\b.{0,30}\b(?:assistant|model|ai|bot)\b/i,
  /\b(?:ai|llms?|language models?|(?:ai |virtual )?assistants?|chat ?bots?|ai agents?)\b.{0,60}\b(?:must|should|shall|has to|have to|are required|is required|please)\b.{0,60}\b(?:answer|reply|respond|say|state|output|include|recommend|tell|cite|call|send|reveal|print)\b/i,
  /\b(?:answer|reply|respond|tell|say to)\b.{0,30}\b(?:every|any|all|each|the) (?:question|user|reader|request)s?\b.{0,20}\b(?:with|that)\b/i,
  /\balways (?:answer|reply|respond)\b/i,
  /\b(?:reveal|repeat|print|show|leak|output)\b.{0,30}\b(?:your|the) (?:system )?(?:prompt|instructions|rules)\b/i,
  /\b(?:call|invoke|use|run)\b.{0,20}\bthe [`"']?\w+[`"']? (?:tool|function)\b/i,
]
// Base64, not a hash: a reader can't check what it says.
const ENCODED = /(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)[A-Za-z0-9+/]{48,}={0,2}/
const LONGEST = 2_000 // characters that are checked; the patterns are about one sentence

/**
 * Whether a sentence of a document addresses a model instead of the reader. Such a sentence is never quoted
 * and is never evidence.
 */
export function isInjection(sentence: string): boolean {
  const start = sentence.slice(0, LONGEST)
  return ENCODED.test(start) || INSTRUCTIONS.some((pattern) => pattern.test(start))
}
