import { describe, expect, it } from 'vitest'
import { connected, ERAS } from './clients.ts'

describe.each(ERAS)('resources and prompts, for a client of %s', (era) => {
  it('are neither listed nor read when a name breaks a line', async () => {
    const { client } = await connected(era, { files: { 'a.md': 'x', 'b\nc.md': 'x', 'd\u0085e.md': 'x' } })
    const { resources } = await client.listResources()
    expect(resources.map(({ name }) => name)).toEqual(['a.md'])
    await expect(client.readResource({ uri: 'notes://folder/d%C2%85e.md' })).rejects.toThrow()
  })

  it.each([
    'notes://folder/missing.md',
    'notes://folder/../../etc/passwd.md',
    'notes://folder/%2e%2e/%2e%2e/etc/passwd.md',
    'notes://folder/..%2f..%2fetc%2fpasswd.md',
    'notes://folder/%2fetc%2fpasswd.md',
    'notes://folder/.env',
    'notes://folder/%00.md',
    'notes://folder/%ff.md',
    'notes://elsewhere/deploy.md',
    'file:///etc/passwd',
    'https://example.com/deploy.md',
    'not an address',
  ])('are not %j', async (uri) => {
    const { client } = await connected(era)
    await expect(client.readResource({ uri })).rejects.toMatchObject({
      code: era === '2026-07-28' ? -32602 : expect.any(Number),
    })
  })

  it('have a template, whose names are completed', async () => {
    const { client } = await connected(era)
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates).toMatchObject([{ name: 'note', uriTemplate: 'notes://folder/{+name}' }])
    const complete = (value: string) =>
      client.complete({
        ref: { type: 'ref/resource', uri: 'notes://folder/{+name}' },
        argument: { name: 'name', value },
      })
    expect((await complete('')).completion.values).toEqual(['deploy.md', 'lunch.md', 'team/on-call.md'])
    expect((await complete('L')).completion.values).toEqual(['lunch.md', 'deploy.md', 'team/on-call.md'])
    expect((await complete('call')).completion.values).toEqual(['team/on-call.md'])
  })

  it('come with a prompt that attaches the note, apart from what to do with it', async () => {
    const { client } = await connected(era)
    const { prompts } = await client.listPrompts()
    expect(prompts.map(({ name }) => name)).toEqual(['summarise_note', 'answer_from_notes'])
    const { messages } = await client.getPrompt({ name: 'summarise_note', arguments: { name: 'lunch.md' } })
    expect(messages).toMatchObject([
      { role: 'user', content: { type: 'text', text: expect.stringContaining('Summarise') } },
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: { uri: 'notes://folder/lunch.md', text: '# Lunch\n\nSoup on Mondays.' },
        },
      },
    ])
    await expect(
      client.getPrompt({ name: 'summarise_note', arguments: { name: 'none.md' } }),
    ).rejects.toThrow()
    await expect(client.getPrompt({ name: 'summarise_note', arguments: {} })).rejects.toThrow()
  })

  it('come with a prompt that attaches what was found', async () => {
    const { client } = await connected(era)
    const { messages } = await client.getPrompt({
      name: 'answer_from_notes',
      arguments: { question: 'When is soup?' },
    })
    expect(JSON.stringify(messages[1])).toContain('Soup on Mondays.')
    const ref = { type: 'ref/prompt', name: 'summarise_note' } as const
    const { completion } = await client.complete({ ref, argument: { name: 'name', value: 'lu' } })
    expect(completion.values).toEqual(['lunch.md'])
  })
})
