import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Note } from '#kit/notes/folder'
import { answerFromNotes } from '#kit/offline/answer'
import { rememberTurns } from '#kit/offline/memory'
import { isStatement } from '#kit/offline/statement'
import { REFUSAL } from '../../../src/prompts.ts'
import { NotesIndex } from '../../../src/search.ts'

interface Calibration {
  notes: Note[]
  answerable: string[]
  unanswerable: string[]
}

const calibration: Calibration = JSON.parse(
  readFileSync(new URL('./calibration.json', import.meta.url), 'utf8'),
)

function ask(notes: readonly Note[], question: string): string {
  const index = new NotesIndex(notes)
  const passages = index.find(question, 12).map(({ document, title, headings, text }) => {
    return { source: document, heading: [title, ...headings].join(' '), text }
  })
  const weights = Object.fromEntries(index.weights(question))
  return answerFromNotes({ question, previous: '', passages, weights }, REFUSAL)
}

describe('an answer without a model', () => {
  const notes = [
    {
      name: 'boat.md',
      text: '# Boat\n\nThe **keel** was painted in 2019. It took Orla two days and a whole tin of expensive paint.\n\n| sail | area |\n| --- | --- |\n| main | 14 m² |',
    },
    { name: 'shed.md', text: '# Shed\n\n- The roof leaks above the door.\n- Paint is in the blue box.\n' },
  ]

  it('quotes the sentence word for word and names the note', () => {
    expect(ask(notes, 'When was the keel painted?')).toBe('The **keel** was painted in 2019.\n[boat.md]')
  })

  it('follows the text', () => {
    const changed = notes.map(({ name, text }) => ({ name, text: text.replace('2019', '2024') }))
    expect(ask(changed, 'When was the keel painted?')).toContain('2024')
  })

  it('quotes a row of a table', () => {
    expect(ask(notes, 'What area has the main sail?')).toContain('| main | 14 m² |')
  })

  it('takes one sentence from each of two notes when the question needs both', () => {
    const answer = ask(notes, 'When was the keel painted, and where does the roof leak?')
    expect(answer.split('\n\n').sort()).toEqual([
      'The **keel** was painted in 2019.\n[boat.md]',
      'The roof leaks above the door.\n[shed.md]',
    ])
  })

  it('says so when it is not in the notes', () => {
    expect(ask(notes, 'What is the name of the harbour master?')).toBe(REFUSAL)
    expect(ask([], 'When was the keel painted?')).toBe(REFUSAL)
  })

  it('gives an overview when the question has no subject', () => {
    expect(ask(notes, 'What is this about?')).toContain('[boat.md]')
  })

  it('keeps and refuses what its threshold was calibrated for', () => {
    const refused = (questions: string[]) =>
      questions.filter((question) => ask(calibration.notes, question) === REFUSAL).length
    expect(calibration.answerable.length - refused(calibration.answerable)).toBe(15)
    expect(refused(calibration.unanswerable)).toBe(15)
  })
})

describe('a memory without a model', () => {
  const turns = [
    { question: 'My boat is called Selkie and her berth is 14.', answer: 'Noted.' },
    { question: 'When was the keel painted?', answer: 'The keel was painted in 2019.\n[boat.md]' },
    { question: 'Who is the king?', answer: REFUSAL },
  ]

  it('holds what the user said, what was asked and what was answered, and no refusals', () => {
    expect(rememberTurns({ memory: '', turns, maxTokens: 200 }, REFUSAL)).toBe(
      '- You said: My boat is called Selkie and her berth is 14.\n- You asked: When was the keel painted? The answer was: The keel was painted in 2019. [boat.md]',
    )
  })

  it('gives up answers first, and what the user said last', () => {
    const memory = '- You said: I sail alone.'
    const remembered = rememberTurns({ memory, turns, maxTokens: 30 }, REFUSAL)
    expect(remembered).toBe(`${memory}\n- You said: My boat is called Selkie and her berth is 14.`)
  })

  it('knows a statement from a question', () => {
    expect(isStatement('I am on call this week')).toBe(true)
    expect(isStatement('What am I doing')).toBe(false)
    expect(isStatement('deploy')).toBe(false)
  })
})
