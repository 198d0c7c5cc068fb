import { describe, expect, it } from 'vitest'
import { createNoteReader } from '../src/tools.ts'

const notes = [
  { name: 'good.md', text: '# Good\n\nA note that may be read.' },
  { name: 'sub/deeper.txt', text: 'Another note that may be read.' },
]

function openReader(room: number) {
  const { set, read } = createNoteReader(notes, room)
  const call = async (name: string) =>
    String(await set['read_note']?.execute?.({ name }, { toolCallId: '1', messages: [] }))
  return { call, read }
}

describe('the tool that reads a note for a model', () => {
  it('reads a note by its name, as data, and stops when the context has no room left', async () => {
    const { call, read } = openReader(40)
    expect(await call('good.md')).toMatch(/^<document>\nnote: good\.md\n[\s\S]*<\/document>$/)
    expect(await call('sub/deeper.txt')).toContain('no room left')
    expect([...read]).toEqual(['good.md'])
  })

  it.each(['../good.md', '/etc/passwd', 'GOOD.md', 'good.md\0', ''])(
    'refuses %j: it is no name of a note',
    async (name) => {
      const { call, read } = openReader(1_000)
      expect(await call(name)).toBe('There is no note of that name.')
      expect(read.size).toBe(0)
    },
  )
})
