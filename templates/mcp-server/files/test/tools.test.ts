import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { called, connected, ERAS } from './clients.ts'
import { SAMPLE } from './notes-folder.ts'

describe.each(ERAS)('tools, for a client of %s', (era) => {
  it('are the ones that the snapshot has: a change of a name, a description or a schema changes what models do', async () => {
    const { client } = await connected(era)
    const { tools } = await client.listTools()
    const seen = tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => {
      return { name, title, description, inputSchema, outputSchema, annotations }
    })
    await expect(`${JSON.stringify(sorted(seen), null, 2)}\n`).toMatchFileSnapshot('tools.snap')
  })

  it('search by words, and say where a passage is from', async () => {
    const { client } = await connected(era)
    const { text, data } = await called(client, 'search_notes', { query: 'how do I roll back?', limit: 1 })
    expect(text).toBe('deploy.md > Deploying > Rolling back\nRolling back takes two minutes.')
    expect(data).toEqual({
      passages: [
        {
          ...{
            name: 'deploy.md',
            uri: 'notes://folder/deploy.md',
            title: 'Deploying',
            headings: ['Rolling back'],
          },
          ...{ text: 'Rolling back takes two minutes.', is_cut: false },
        },
      ],
      notes_searched: 3,
    })
  })

  it('say what to do when nothing was found', async () => {
    const { client } = await connected(era)
    const { text, isError } = await called(client, 'search_notes', { query: 'kubernetes' })
    expect([isError, text]).toEqual([
      false,
      'None of the 3 notes has a word of "kubernetes". Try other words, or list_notes.',
    ])
  })

  it('list names in pages that a new note does not move', async () => {
    const { client } = await connected(era)
    const first = await called(client, 'list_notes', { limit: 2 })
    expect(first.data).toMatchObject({ total: 3, notes: [{ name: 'deploy.md' }, { name: 'lunch.md' }] })
    await called(client, 'add_note', { name: 'a.md', text: 'first of all' })
    const second = await called(client, 'list_notes', { limit: 2, cursor: first.data['next_cursor'] })
    expect(second.data).toMatchObject({ total: 4, notes: [{ name: 'team/on-call.md' }], next_cursor: null })
    expect((await called(client, 'list_notes', { folder: 'team/' })).data).toMatchObject({ total: 1 })
    expect(await called(client, 'list_notes', { cursor: 'made-up' })).toMatchObject({ isError: true })
  })

  it.each(['', '.', '/', './'])('list every note for the folder %j', async (folder) => {
    const { client } = await connected(era)
    expect(await called(client, 'list_notes', { folder })).toMatchObject({
      isError: false,
      data: { total: 3 },
    })
  })

  it.each(['team', 'team/', './team', '/team//'])('list one folder for %j', async (folder) => {
    const { client } = await connected(era)
    const { text } = await called(client, 'list_notes', { folder })
    expect(text).toBe(`1 notes in team\nteam/on-call.md (${SAMPLE['team/on-call.md'].length} bytes)`)
  })

  it('name the folders that there are when one is asked for that is none', async () => {
    const { client } = await connected(era, { files: { 'a/b/c.md': 'x', 'd/e.md': 'x', 'f.md': 'x' } })
    const { text, isError } = await called(client, 'list_notes', { folder: 'tea' })
    expect([isError, text]).toEqual([true, 'No note is in a folder "tea". The folders are a, a/b, d.'])
    const flat = await connected(era, { files: { 'f.md': 'x' } })
    expect((await called(flat.client, 'list_notes', { folder: 'tea' })).text).toBe(
      'No note is in a folder "tea". There are no folders: leave it out.',
    )
  })

  it('name no more folders than a model wants to read', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`folder-${n}/a.md`, 'x']))
    const { client } = await connected(era, { files })
    const { text } = await called(client, 'list_notes', { folder: 'tea' })
    expect(text).toContain('and 30 more')
    expect(text.length).toBeLessThan(1_000)
  })

  it('leave out files whose names break a line, and count them', async () => {
    const files = {
      'a.md': 'soup',
      'b\nc.md': 'soup',
      'd/e\u001b[31m.md': 'soup',
      'd/f\u2028g.md': 'soup',
      'd/h\\i.md': 'soup',
    }
    const { client } = await connected(era, { files })
    const all = await called(client, 'list_notes')
    expect(all.text).toBe(
      '1 notes\na.md (4 bytes)\n[Left out: 4 that cannot be read, or whose names have control characters or backslashes]',
    )
    expect(all.data).toMatchObject({ total: 1 })
    const { text } = await called(client, 'search_notes', { query: 'soup' })
    expect(text).toBe('a.md > a\nsoup')
    expect(await called(client, 'read_note', { name: 'd/f\u2028g.md' })).toMatchObject({ isError: true })
  })

  it('add a note that can be found at once, and never write over one', async () => {
    const { client, root } = await connected(era)
    const added = await called(client, 'add_note', { name: 'ideas/q.md', text: '# Queue\n\nSplit it.' })
    expect(added).toMatchObject({ isError: false, data: { name: 'ideas/q.md', bytes: 18 } })
    expect((await called(client, 'search_notes', { query: 'split queue' })).text).toContain('Split it.')
    const again = await called(client, 'add_note', { name: 'ideas/q.md', text: 'other' })
    expect(again).toMatchObject({ isError: true, text: 'already there, and not written over' })
    expect(readFileSync(join(root, 'ideas/q.md'), 'utf8')).toBe('# Queue\n\nSplit it.')
  })

  it('see a note that changed on disk', async () => {
    const { client, root } = await connected(era)
    await called(client, 'search_notes', { query: 'soup' })
    writeFileSync(join(root, 'lunch.md'), '# Lunch\n\nPancakes on Fridays, and soup.')
    expect((await called(client, 'search_notes', { query: 'soup' })).text).toContain('Pancakes')
  })

  it.each([
    '../notes/deploy.md',
    '/etc/hosts.md',
    '.env',
    'deploy.md\0',
    '%2e%2e/x.md',
    `${'n'.repeat(300)}.md`,
  ])('neither read nor write %j', async (name) => {
    const { client, root, reported } = await connected(era)
    expect(await called(client, 'read_note', { name })).toMatchObject({ isError: true })
    const written = await called(client, 'add_note', { name, text: 'x' })
    expect(written.isError || name.startsWith('%')).toBe(true)
    expect(existsSync(join(root, '../x.md'))).toBe(false)
    expect(reported).toEqual([])
  })

  it.each([
    'bidi\u202e.md',
    'zero\u200bwidth.md',
    'line\nfeed.md',
    'tab\t/a.md',
    'tag\u{e0041}.md',
    'half\ud800.md',
  ])('add no note whose name hides something: %j', async (name) => {
    const { client, root } = await connected(era)
    const { text, isError } = await called(client, 'add_note', { name, text: 'x' })
    expect([isError, text]).toEqual([true, 'a name with control or invisible characters: leave them out'])
    expect(readdirSync(root)).toEqual(['deploy.md', 'lunch.md', 'team'])
  })

  it('say that a note could not be written, and not that it could not be read', async () => {
    const { client } = await connected(era)
    const { text } = await called(client, 'add_note', { name: `${'n'.repeat(300)}.md`, text: 'x' })
    expect(text).toBe('cannot be written (ENAMETOOLONG)')
  })

  it.each([
    ['search_notes', {}],
    ['search_notes', { query: 1 }],
    ['search_notes', { query: 'x', limit: 1e9 }],
    ['search_notes', { query: null }],
    ['search_notes', { query: '' }],
    ['search_notes', { query: 'x', limits: 3 }],
    ['list_notes', { folder_name: 'team' }],
    ['read_note', { name: ['deploy.md'] }],
    ['add_note', { name: 'x.md', text: 'x'.repeat(100_001) }],
    ['list_notes', { limit: '5' }],
  ])('take from %s no %j, and say what is wrong with it', async (name, input) => {
    const { client } = await connected(era)
    const { text, isError } = await called(client, name, input)
    expect(isError).toBe(true)
    expect(text).toContain(`Invalid arguments for tool ${name}`)
  })

  it.each([
    ['list_notes', { folder: null, cursor: null, limit: null }],
    ['list_notes', { folder: '', cursor: '', limit: '' }],
    ['list_notes', { toolCallId: 'call_1', sessionId: 's', action: 'sendMessage' }],
    ['search_notes', { query: 'soup', limit: null, tool: 'search_notes' }],
    ['read_note', { name: 'deploy.md', offset: null, toolName: 'read_note' }],
  ])('take from %s %j, where a client leaves out or adds in its own way', async (name, input) => {
    const { client } = await connected(era)
    const kept = Object.entries(input).filter(([key]) => key === 'query' || key === 'name')
    expect(await called(client, name, input)).toEqual(await called(client, name, Object.fromEntries(kept)))
  })

  it('keep what broke inside to the server', async () => {
    const { client, notes, reported } = await connected(era)
    notes.search = async () => {
      throw new Error('/secret/place is broken')
    }
    const { text, isError } = await called(client, 'search_notes', { query: 'soup' })
    expect([isError, text]).toEqual([
      true,
      'This failed inside of the server. Calling it again will not help.',
    ])
    expect(reported).toHaveLength(1)
  })

  it('leave out the one that writes when the server is for reading', async () => {
    const { client } = await connected(era, { readOnly: true })
    const names = (await client.listTools()).tools.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['search_notes', 'read_note', 'list_notes']))
    expect(names).not.toContain('add_note')
    await expect(called(client, 'add_note', { name: 'x.md', text: 'x' })).rejects.toThrow('add_note')
  })

  it('tell how far they are', async () => {
    const { client } = await connected(era)
    const seen: unknown[] = []
    const onprogress = ({ progress, total }: { progress: number; total?: number | undefined }) =>
      seen.push([progress, total])
    await client.callTool({ name: 'search_notes', arguments: { query: 'soup' } }, { onprogress })
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
  })

  it('stop looking when their caller does not want to know any more', async () => {
    const { client, notes } = await connected(era)
    const stopped = new Promise<AbortSignal>((resolve) => {
      notes.search = (_, __, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            resolve(signal)
            reject(signal.reason)
          })
          leave.abort(new Error('changed my mind'))
        })
    })
    const leave = new AbortController()
    const call = client.callTool(
      { name: 'search_notes', arguments: { query: 'soup' } },
      { signal: leave.signal },
    )
    await expect(call).rejects.toThrow('changed my mind')
    if (era === '2026-07-28') expect((await stopped).aborted).toBe(true)
  })
})

/** Clients of the two revisions order the keys of a schema differently. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
