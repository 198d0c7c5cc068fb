/**
 * Runs in the page, which also reads well without it. Text is compared and never written, so none of it can
 * become markup.
 */
export const SCRIPT = `
const byId = (id) => document.getElementById(id)
const cases = [...document.querySelectorAll('.case')]
const texts = new Map(cases.map((one) => [one, one.textContent.toLowerCase()]))
const [find, show, tag, open] = ['find', 'show', 'tag', 'open'].map(byId)
function update() {
  const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let count = 0
  for (const one of cases) {
    const { outcome, change, tags } = one.dataset
    const matches = words.every((word) => texts.get(one).includes(word))
      && (show.value === '' || show.value === outcome || show.value === change)
      && (!tag || tag.value === '' || tags.split('\\n').includes(tag.value))
    one.hidden = !matches
    if (matches) count++
  }
  byId('none').hidden = count > 0
  byId('count').textContent = count + ' of ' + cases.length + ' cases'
}
function shown() {
  return cases.filter((one) => !one.hidden)
}
function move(step) {
  const all = shown()
  const at = all.findIndex((one) => one.contains(document.activeElement))
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + step))
  all[next]?.querySelector('summary').focus()
}
const keys = { '/': () => find.focus(), j: () => move(1), k: () => move(-1) }
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target === find) {
    find.value = ''
    update()
  }
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
  const key = Object.hasOwn(keys, event.key) && keys[event.key]
  if (!key || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  key()
})
open.addEventListener('click', () => {
  const opens = shown().some((one) => !one.open)
  for (const one of shown()) one.open = opens
  open.textContent = opens ? 'Close all' : 'Open all'
})
byId('filter').addEventListener('submit', (event) => event.preventDefault())
byId('filter').addEventListener('input', update)
byId('filter').hidden = false
update()
`
