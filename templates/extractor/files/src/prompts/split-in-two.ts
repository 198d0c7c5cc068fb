import { leavesOf } from '../fields.ts'
import { fence } from '../llm/fence.ts'
import { type PromptPattern, question } from './pattern.ts'

/**
 * First find, then fill in: one call copies out the passages that matter, a second reads only those. Each call has one thing to do, which
 * helps small models and long documents. It costs two calls, and what the first one misses is lost.
 */
export const splitInTwo: PromptPattern = {
  async messages({ document, root, ask }) {
    const wanted = leavesOf(root).map(({ path, leaf }) => `- ${path}: ${leaf.description || leaf.name}`)
    const passages = await ask(`${fence(document)}

Copy out, word for word, every line or sentence of the document that answers one of these, and nothing else. Leave out what answers none.
${wanted.join('\n')}`)
    return [{ role: 'user', content: question(passages) }]
  },
}
