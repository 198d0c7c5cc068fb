import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { setUpProgram } from '#kit/testing/program'
import { writeNotes } from './notes.ts'

const { directory, start, scripted } = setUpProgram()
const notes = join(directory, 'notes')
beforeAll(() => writeNotes(notes))

const readSession = (name: string) =>
  JSON.parse(readFileSync(join(directory, `.sessions/${name}.json`), 'utf8'))

describe('one question', () => {
  it('is answered from the notes; standard output carries the answer, the rest goes elsewhere', async () => {
    const { code, stdout, stderr } = await start([notes, '--ask', 'Who is allergic to nuts?']).done
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Food: Maia is allergic to nuts, Jonas does not eat meat.\n[offsite.md]\n',
    })
    expect(stderr).toMatch(
      /heuristic[\s\S]*notes: offsite\.md[\s\S]*context: ~\d+ of 8,192 tokens[\s\S]*tokens: /,
    )
    expect(existsSync(join(directory, '.sessions'))).toBe(false)
  })

  it('exits with 1 and shows no success when the model fails', async () => {
    const { env } = await scripted({ answer: () => [] })
    const { code, stderr } = await start([notes, '--ask', 'Who is allergic to nuts?'], env).done
    expect(code).toBe(1)
    expect(stderr).toMatch(/Error: the model answered with no text/)
    expect(stderr).not.toContain('    at ')
  })
})

describe('a conversation from a pipe', () => {
  it('answers line by line, runs commands, is saved after each turn and resumed', async () => {
    const input =
      'I am on call until 18 November.\n\nWho is allergic to nuts?\n/budget\n/history\n/notes\n/model\n/save copy\n'
    const first = await start([notes, '--session', 'work'], {}, input).done
    expect(first.code).toBe(0)
    expect(first.stdout).toContain('[offsite.md]')
    expect(first.stderr).toMatch(
      /reserve +2,048[\s\S]*2\. Who is allergic[\s\S]*glossary\.md[\s\S]*saved as copy/,
    )
    expect(readSession('work').turns).toHaveLength(2)
    expect(readSession('copy')).toEqual(readSession('work'))
    const second = await start([notes, '--session', 'work'], {}, 'Until when am I on call?\n').done
    expect(second.stdout).toBe('I am on call until 18 November.\n[chat]\n')
    expect(second.stderr).toContain('resumed with 2 turns')
    expect(readdirSync(join(directory, '.sessions')).sort()).toEqual(['copy.json', 'work.json'])
  })

  it('sends the earlier turns to a model', async () => {
    const { env, requests } = await scripted({ answer: () => ['Scripted answer.'] })
    await start([notes], env, 'Who is allergic to nuts?\nWhen does the van leave?\n').done
    const roles = requests.map(({ messages }) => messages.map(({ role }) => role).join(' '))
    expect(roles).toEqual(['system user', 'system user assistant user'])
  })
})
