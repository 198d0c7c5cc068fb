import { announcer } from './announcer.js'
import { ask } from './ask.js'
import { composer } from './composer.js'
import { byId } from './dom.js'
import { showExamples } from './examples.js'
import { painter } from './painter.js'
import { historyOf, isOpen, startTurn, step } from './turn.js'
import { turnView } from './turn-view.js'

/**
 * @typedef {import('./turn.js').Turn} Turn
 * @typedef {{ turn: Turn, view: ReturnType<typeof turnView> }} Entry
 */

const MOST_TURNS = 50 // on the page: a conversation that goes on for ever must not

const conversation = byId('conversation', HTMLElement)
const welcome = byId('welcome', HTMLElement)
const aloud = announcer(byId('log', HTMLElement))
const field = composer({ ask: start, stop: () => running?.abort() })

/** @type {Entry[]} */
let entries = []
/** @type {AbortController | null} */
let running = null
let lastId = 0

byId('new', HTMLButtonElement).addEventListener('click', startAgain)
for (const type of ['online', 'offline']) addEventListener(type, showConnection)
showConnection()
showExamples(start)
field.focus()

/** One question at a time: false while another is answered. @param {string} question */
function start(question) {
  if (running !== null) return false
  const turn = startTurn(++lastId, question)
  const view = turnView(turn, { retry })
  const history = historyOf(entries.map((entry) => entry.turn))
  const entry = { turn, view }
  entries.push(entry)
  if (entries.length > MOST_TURNS) entries.shift()?.view.element.remove()
  conversation.append(view.element)
  welcome.hidden = true
  aloud.clear()
  aloud.say('Searching the documents.')
  view.element.scrollIntoView({ block: 'start' })
  answer(entry, history)
  return true
}

/** @param {Entry} entry @param {{ question: string, answer: string }[]} history */
async function answer(entry, history) {
  const controller = new AbortController()
  running = controller
  field.setAnswering(true)
  const paint = painter(() => aloud.follow(entry.turn, entry.view.update(entry.turn)))
  paint.now()
  for await (const event of ask({ question: entry.turn.question, history }, { signal: controller.signal })) {
    entry.turn = step(entry.turn, event)
    paint.soon()
  }
  // A new conversation has dropped this turn meanwhile.
  if (running === controller) {
    running = null
    field.setAnswering(false)
    paint.now()
  } else paint.cancel()
}

/** Asks again in place of a turn that failed or was stopped. @param {Turn} turn */
function retry(turn) {
  if (running !== null || isOpen(turn)) return
  entries = entries.filter(({ turn: { id }, view }) => {
    if (id === turn.id) view.element.remove()
    return id !== turn.id
  })
  start(turn.question)
  field.focus()
}

function startAgain() {
  running?.abort()
  running = null
  entries = []
  conversation.replaceChildren()
  aloud.clear()
  field.setAnswering(false)
  welcome.hidden = false
  scrollTo(0, 0)
  field.focus()
}

function showConnection() {
  byId('offline', HTMLElement).hidden = navigator.onLine
}
