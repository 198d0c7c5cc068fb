import { describe, expect, it } from 'vitest'
import { UsageError } from '#kit/console/errors'
import { DEFAULT_INDEX, parseCommand } from '#kit/terminal/options'

describe('the command line', () => {
  it('is a conversation without a command', () => {
    expect(parseCommand([])).toMatchObject({ name: 'chat', index: DEFAULT_INDEX, json: false })
  })

  it('takes a question with or without quotes around it', () => {
    expect(parseCommand(['ask', 'How', 'long?'])).toMatchObject({ name: 'ask', question: 'How long?' })
  })

  it('reads conditions as front matter reads its values', () => {
    const { filter } = parseCommand([
      'ask',
      'x',
      '--where',
      'owner=ops=eu',
      '--where',
      'draft=false',
      '--where',
      'year=2024',
    ]) as {
      filter: object
    }
    expect(filter).toEqual({ owner: 'ops=eu', draft: false, year: 2024 })
  })

  it.each([
    [['frobnicate']],
    [['ask']],
    [['ask', ' ']],
    [['ingest']],
    [['ingest', 'a', 'b']],
    [['chat', 'x']],
    [['ask', 'x', '--rebuild']],
    [['ask', 'x', '--where', '=1']],
    [['ask', 'x', '--max-cost', '-1']],
    [['--unknown']],
  ])('refuses %j', (args) => {
    expect(() => parseCommand(args)).toThrow(UsageError)
  })
})
