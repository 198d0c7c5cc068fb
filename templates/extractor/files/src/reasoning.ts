const TAGS = ['reasoning', 'thinking', 'think']

/**
 * Returns the question, and after it that the model first reasons between <reasoning> and </reasoning>, and then
 * gives the JSON object, with nothing after it. Reasoning after the answer could only defend it.
 */
export function askForReasoning(question: string): string {
  return `${question}

First reason between <reasoning> and </reasoning>: for each field, which words of the document answer it, and whether other words contradict them.
Then give the JSON object, and nothing after it.`
}

/**
 * Removes the reasoning in front of an answer; also that of models which write <think> unasked (`TAGS`). The
 * parser must not see it: reasoning holds drafts such as {"severity": "sev2"}, and a parser can't tell a draft
 * from the answer. Reasoning ends at its first closing tag; one that never ends leaves ''. Some servers send
 * it without the opening tag: then everything up to the closing tag goes. An answer that begins with JSON or a
 * code fence has no reasoning, and is returned unchanged, whatever tags it quotes; so is one without tags.
 */
export function removeReasoning(answer: string): string {
  const text = answer.trimStart()
  const tag = TAGS.find((name) => text.startsWith(`<${name}>`))
  if (tag !== undefined) return cutThrough(text, `</${tag}>`) ?? ''
  // Some servers send the reasoning without its opening tag. An answer that begins with JSON has none.
  if (/^[{[`]/.test(text)) return answer
  const closing = TAGS.map((name) => `</${name}>`).find((tag) => text.includes(tag))
  return closing === undefined ? answer : (cutThrough(text, closing) ?? answer)
}

function cutThrough(text: string, end: string): string | undefined {
  const index = text.indexOf(end)
  return index === -1 ? undefined : text.slice(index + end.length)
}
