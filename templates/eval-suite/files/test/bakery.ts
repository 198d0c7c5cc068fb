const TEXT = `# The bakery

The bakery opens at 6:30 on weekdays.

A loaf of rye costs 4 euros.

The oven is cleaned by Marit every Thursday.

Flour is delivered from the mill in Ostby.

Leftover bread goes to the shelter at closing time.

The apprentice starts the dough at 3 in the morning.

The phone number of the shop ends in 77.
`

/** Question and the words that answer it. */
const QUESTIONS = [
  ['opening', 'When does the bakery open on weekdays?', '6:30'],
  ['rye', 'What does a loaf of rye cost?', '4 euros'],
  ['oven', 'Who cleans the oven on Thursday?', 'Marit'],
  ['flour', 'From where is the flour delivered?', 'Ostby'],
  ['leftovers', 'Where does leftover bread go at closing time?', 'shelter'],
  ['dough', 'When does the apprentice start the dough?', '3 in the morning'],
] as const

const HELD_OUT = [['phone', 'How does the phone number of the shop end?', '77']] as const

function writeCases(questions: readonly (readonly [id: string, input: string, fact: string])[]): string {
  const cases = questions.map(([id, input, fact]) => ({
    ...{ id, critical: id === 'oven', input, files: ['evals/material/bakery.md'], expected: fact },
    graders: [
      { type: 'facts', facts: [[fact]] },
      { type: 'length', min: 1, max: 60 },
    ],
  }))
  return cases.map((one) => `${JSON.stringify(one)}\n`).join('')
}

const target = { type: 'prompt', prompt: 'prompts/answer.md', maxWords: 45 }

/** A small eval set by path: a text, six questions about it, one that is held out, two prompts. */
export const BAKERY: Record<string, string> = {
  'evals/material/bakery.md': TEXT,
  'evals/cases.jsonl': writeCases(QUESTIONS),
  'evals/held-out.jsonl': writeCases(HELD_OUT),
  'evals/targets.json': JSON.stringify({
    default: 'bakery',
    targets: { bakery: target, 'bakery-curt': { ...target, prompt: 'prompts/curt.md' } },
  }),
  // The scripted model reads the text between the tags; the curt prompt has none.
  'prompts/answer.md': 'Answer from the text.\n---\n<text>\n{{files}}\n</text>\n\nQuestion: {{input}}\n',
  'prompts/curt.md': 'Be short.\n---\n{{input}}\n',
}
