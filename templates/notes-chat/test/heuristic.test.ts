import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Note } from '#kit/notes/folder'
import { answerFromNotes } from '#kit/offline/answer'
import { rememberTurns } from '#kit/offline/memory'
import { toAnswerRequest } from '#kit/offline/request'
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

/** `answer`: what a right answer holds; null when no note holds one. */
interface ShortNotes {
  notes: Note[]
  questions: { question: string; answer: string | null }[]
}

const shortNotes: ShortNotes[] = JSON.parse(
  readFileSync(new URL('./short-notes.json', import.meta.url), 'utf8'),
)

function ask(notes: readonly Note[], question: string): string {
  const index = new NotesIndex(notes)
  const sections = index.find(question, 12)
  const request = toAnswerRequest({ question, previous: '', sections, memory: '', said: [], notes: index })
  return answerFromNotes(request, REFUSAL)
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
    expect(calibration.answerable.length - refused(calibration.answerable)).toBe(16)
    expect(refused(calibration.unanswerable)).toBe(15)
  })
})

describe('an answer from short notes', () => {
  const isRight = (said: string, answer: string | null) =>
    answer === null ? said === REFUSAL : said.includes(answer)

  it('says when, where, who and how much, and refuses where no note says so', () => {
    const wrong = shortNotes.flatMap(({ notes, questions }) =>
      questions
        .filter(({ question, answer }) => !isRight(ask(notes, question), answer))
        .map(({ question }) => question),
    )
    expect(shortNotes.flatMap(({ questions }) => questions)).toHaveLength(286)
    // What words alone do not show: that a trainer trains, that tickets for a journey are for a train, what is about what.
    expect(wrong).toEqual([
      'When do I train at the gym?',
      'How much is a train ticket?',
      'How long was the sync?',
    ])
  })

  const offsite = (text: string) => [{ name: 'offsite.md', text }]

  it.each([
    'on 12 March',
    'March 12, 2027',
    '12.3.2027',
    '2027-03-12',
    '3/12',
    'next Thursday',
    'in the spring',
    'at 9:30',
    'at half past nine',
    'from 14h30',
    'tomorrow at noon',
    '3 pm',
    'in two weeks',
  ])('takes "%s" for a time', (time) => {
    const notes = offsite(`The offsite is ${time}.`)
    expect(ask(notes, 'When is the offsite?')).toContain(time)
    for (const question of [
      'Who comes to the offsite?',
      'How much is the offsite?',
      'How many people come to the offsite?',
    ])
      expect(ask(notes, question)).toBe(REFUSAL)
  })

  it.each([
    '€400',
    '400 EUR',
    'CHF 1’200.-',
    '$3.5k',
    '£40',
    '1,450 francs',
    '39.90',
    'forty dollars',
    '0.4 cents',
  ])('takes "%s" for a price', (price) => {
    const notes = offsite(`Offsite costs ${price}`)
    expect(ask(notes, 'How much is the offsite?')).toContain(price)
    expect(ask(notes, 'When is the offsite?')).toBe(REFUSAL)
    expect(ask(notes, 'How long is the offsite?')).toBe(REFUSAL)
  })

  it.each(['in Bregenz', 'at the old mill', 'room 4.12', 'Ringstrasse 12', 'behind the station', 'online'])(
    'takes "%s" for a place',
    (place) => {
      const notes = offsite(`Offsite ${place}`)
      expect(ask(notes, 'Where do we meet for the offsite?')).toContain(place)
      expect(ask(notes, 'When is the offsite?')).toBe(REFUSAL)
    },
  )

  it('finds a note by its name, also when the note is the only one', () => {
    const text = 'Thursday 8 October at the lake house.'
    expect(ask([{ name: 'trips/team-offsite.md', text }], 'When is the offsite?')).toContain('8 October')
    expect(ask([{ name: 'garden.md', text }], 'When is the offsite?')).toBe(REFUSAL)
  })

  it('takes one line of a jotted note, and each answer of a question with two parts', () => {
    const notes = offsite('When: 12 March\nWhere: Bregenz\nwho: Ana, Bo\ncost: 3k')
    expect(ask(notes, 'Where is the offsite?')).toBe('Where: Bregenz')
    expect(ask(notes, 'Who comes to the offsite?')).toBe('who: Ana, Bo')
    expect(ask(notes, 'When is the offsite, and how much does it cost?')).toBe('When: 12 March\ncost: 3k')
  })

  it('keeps a short sentence with the one that it goes on from', () => {
    const notes = [
      { name: 'glossary.md', text: 'A depot is where parcels are sorted. There are 19 of them.' },
    ]
    expect(ask(notes, 'How many depots are there?')).toBe(
      'A depot is where parcels are sorted. There are 19 of them.',
    )
  })

  it('does not answer about one person with what is said of another, or about the next time with the last', () => {
    const notes = [
      { name: 'people.md', text: 'Teodora joins the team on 2 November. The last review was on 3 May.' },
    ]
    expect(ask(notes, 'When did Jonas join the team?')).toBe(REFUSAL)
    expect(ask(notes, 'When did Teodora join the team?')).toContain('2 November')
    expect(ask(notes, 'When is the next review?')).toBe(REFUSAL)
    expect(ask(notes, 'When was the last review?')).toContain('3 May')
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
