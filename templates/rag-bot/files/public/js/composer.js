import { byId } from './dom.js'

const MOST_ROWS = 8

/**
 * The question field. Enter asks, Shift+Enter begins a line; Escape stops an answer.
 * @param {{ ask: (question: string) => boolean, stop: () => void }} actions ask: false when it cannot now
 */
export function composer({ ask, stop }) {
  const form = byId('composer', HTMLFormElement)
  const field = byId('question', HTMLTextAreaElement)
  const askButton = byId('ask', HTMLButtonElement)
  const stopButton = byId('stop', HTMLButtonElement)

  const fit = () => (field.rows = Math.min(MOST_ROWS, field.value.split('\n').length))
  const submit = () => {
    const question = field.value.trim()
    if (question === '' || !ask(question)) return
    field.value = ''
    fit()
  }
  field.addEventListener('input', fit)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  field.addEventListener('keydown', (event) => {
    // While an input method composes a word, Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submit()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') stop()
  })
  stopButton.addEventListener('click', stop)

  return {
    focus: () => field.focus({ preventScroll: true }),
    /** @param {boolean} isAnswering */
    setAnswering(isAnswering) {
      // The focus must not fall out of the page with the button that had it.
      if (document.activeElement === stopButton || document.activeElement === askButton)
        field.focus({ preventScroll: true })
      askButton.hidden = isAnswering
      stopButton.hidden = !isAnswering
    },
  }
}
