import { button, byId, el, fill } from './dom.js'

const MOST = 6

/**
 * The empty page: what examples.json says about these documents. Without that file, or with one that is no JSON, there are no examples and all else works.
 * @param {(question: string) => void} ask
 */
export async function showExamples(ask) {
  const file = await fetch('/examples.json')
    .then((response) => response.json())
    .catch(() => ({}))
  const { title, about, questions } = file ?? {}
  if (typeof title === 'string') {
    document.title = title
    byId('title', HTMLElement).textContent = title
  }
  if (typeof about === 'string') byId('about', HTMLElement).textContent = about
  const asked = (Array.isArray(questions) ? questions : [])
    .filter((one) => typeof one === 'string')
    .slice(0, MOST)
  fill(
    byId('examples', HTMLElement),
    ...asked.map((question) =>
      el(
        'li',
        {},
        button(question, () => ask(question)),
      ),
    ),
  )
}
