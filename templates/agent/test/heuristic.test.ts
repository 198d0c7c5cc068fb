import { describe, expect, it } from 'vitest'
import { fillBlanks, listBlanks, readValues } from '#kit/offline/blanks'
import { makeFolder, runAgent } from '../../../test/agent.ts'

const answerTo = async (goal: string, root = makeFolder()) => {
  const { state } = await runAgent({ goal, root })
  return {
    calls: state.calls.map(({ tool, input }) => ({ tool, input })),
    text: state.steps.at(-1)?.text ?? '',
  }
}

describe('the rules', () => {
  it('make one call for each line, in order, with blanks filled from what came before', async () => {
    const { calls } = await answerTo(
      '1. Count the errors in the logs\n2. Look up the service "{failing service}"',
    )
    expect(calls).toEqual([
      { tool: 'summarise_errors', input: {} },
      { tool: 'look_up_service', input: { name: 'api' } },
    ])
  })

  it('follow the folder: another incident, another answer', async () => {
    const other = { 'logs/web.log': '2026-01-05T10:00:05Z FATAL web: out of memory\n' }
    const goal = '- Count the errors in the logs\n- Search the runbooks for "{top error}"'
    const { calls, text } = await answerTo(goal, makeFolder(other))
    expect(calls[1]).toEqual({ tool: 'search_runbooks', input: { question: 'out of memory', limit: 3 } })
    expect(text).toContain('errors 1 of 1 lines')
  })

  it('leave out what they cannot do, say why, and that they are no model', async () => {
    const { calls, text } = await answerTo(
      '- Write a song\n- Look up a service\n- Search the runbooks for "{nothing}"',
    )
    expect(calls).toEqual([])
    expect(text).toContain('no tool matches these words')
    expect(text).toContain('look_up_service needs name')
    expect(text).toContain('no result so far says {nothing}')
    expect(text).toContain('not a language model')
  })

  it('go on after a call that failed', async () => {
    const { calls, text } = await answerTo('- Read the file "nope.md"\n- List the files of the incident')
    expect(calls.map(({ tool }) => tool)).toEqual(['read_file', 'list_files'])
    expect(text).toContain('read_file: error')
  })
})

it('a blank is filled as text: quotes in a value do not end an argument, and it is not filled twice', () => {
  expect(listBlanks('say "{top error}" {x}')).toEqual(['top error', 'x'])
  const values = new Map([['top error', 'no "x" {owner}']])
  expect(fillBlanks('say "{top error}" {y}', values)).toBe('say "no \'x\' {owner}" {y}')
  expect([...readValues('a: 1\nB: 2\nlogs/x.log:3: text\ntop error: it: broke')]).toEqual([
    ['a', '1'],
    ['top error', 'it: broke'],
  ])
})
