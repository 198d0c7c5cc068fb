import { realpathSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UsageError } from '#kit/console/errors'
import { type ApprovalRequest, approveMatching, denyAll } from '../src/approval/approve.ts'
import { fingerprintCall } from '../src/approval/fingerprint.ts'
import { makeFolder, runAgent, TICKET } from './agent.ts'
import { startModel } from './model-server.ts'

const { signal } = new AbortController()
const request = (input: ApprovalRequest['input'], tool = 'file_ticket'): ApprovalRequest => ({
  ...{ tool, input, approval: fingerprintCall({ tool, input }) },
})
const decide = async (pattern: string, asked: ApprovalRequest) =>
  (await approveMatching([pattern], denyAll)(asked, signal))?.decision

describe('a call with a side effect', () => {
  const filing = () =>
    startModel((_, turn) =>
      turn === 1 ? { calls: [{ tool: 'file_ticket', input: TICKET }] } : { text: 'Done.' },
    )

  it('does not happen without a terminal to ask on, and the model learns that', async () => {
    const model = await filing()
    const { state, tickets, events } = await runAgent({ env: model.env })
    expect(tickets).toEqual([])
    expect(state.calls[0]?.result).toMatchObject({ outcome: 'denied' })
    expect(String(model.requests[1]?.messages.at(-1)?.content)).toContain('was not approved')
    expect(events.filter(({ type }) => type === 'called')).toEqual([])
  })

  it('happens once when it is approved, also when the model asks for it again', async () => {
    const model = await startModel((_, turn) =>
      turn < 3 ? { calls: [{ tool: 'file_ticket', input: TICKET }] } : { text: 'Done.' },
    )
    const { state, tickets } = await runAgent({ env: model.env, approve: ['file_ticket'] })
    expect(tickets).toHaveLength(1)
    expect(state.calls.map(({ result }) => result?.output)).toEqual([
      expect.stringMatching(/^filed: T-/),
      expect.stringMatching(/^filed: T-.* \(already filed\)$/),
    ])
  })

  it('is asked about with exactly the arguments that it will have', async () => {
    const asked: ApprovalRequest[] = []
    const model = await filing()
    await runAgent({
      env: model.env,
      approve: async (one) => {
        asked.push(one)
        return { decision: 'approved', by: 'test' }
      },
    })
    expect(asked).toEqual([request(TICKET)])
  })

  it('is waited for as long as people take: that is no work, and no time limit ends it', async () => {
    const model = await filing()
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 900))
      return { decision: 'approved', by: 'test' } as const
    }
    const { state, tickets } = await runAgent({ env: model.env, approve: slow, limits: { timeMs: 800 } })
    expect({ reason: state.stopped?.reason, filed: tickets.length }).toEqual({ reason: 'done', filed: 1 })
    expect(state.workMs).toBeLessThan(800)
  })

  it('without a decision waits, and resumes where it stopped', async () => {
    const model = await filing()
    const first = await runAgent({ env: model.env, approve: async () => undefined })
    expect(first.state.stopped).toBeUndefined()
    expect(first.tickets).toEqual([])
    const second = await runAgent({ env: model.env, data: first.data, resume: first.id, approve: ['*'] })
    expect(second.tickets).toHaveLength(1)
    expect(second.state.stopped?.reason).toBe('done')
  })
})

describe('a pattern', () => {
  it.each([
    ['file_ticket', true],
    ['file_*', true],
    ['*', true],
    ['file_ticket:severity=sev3', true],
    ['file_ticket:severity=sev3,service=a*', true],
    ['file_ticket:severity=sev1', false],
    ['file_ticket:severity=sev3,service=ledger', false],
    ['file_ticket:owner=me', false],
    ['file_ticket:toString=*', false],
    ['ticket', false],
    ['page_on_call', false],
    ['file.ticket', null],
  ])('%s', async (pattern, approves) => {
    const decision = decide(pattern, request(TICKET))
    if (approves === null) await expect(decision).rejects.toThrow(UsageError)
    else expect(await decision).toBe(approves ? 'approved' : 'denied')
  })

  describe('with a value, names what the value means', () => {
    it.each([
      ['demo/inbox/*', 'demo/inbox/a.txt', true],
      ['demo/inbox/*', './demo//inbox/sub/../a.txt', true],
      ['demo/inbox/*', resolve('demo/inbox/a.txt'), true],
      ['demo/inbox/*', 'demo/inbox/../keep.txt', false],
      ['demo/inbox/*', 'demo/inbox/sub/../../keep.txt', false],
      ['demo/inbox/*', 'demo\\inbox\\..\\keep.txt', false],
      ['demo/inbox/*', 'demo/inbox/%2e%2e/keep.txt', false],
      ['demo/inbox/*', 'demo/inbox/..%2Fkeep.txt', false],
      ['demo/inbox/*', 'demo/inbox', false],
      ['demo/inbox/*', 'demo/inbox/a\0b', false],
      ['demo*', 'demo/../keep.txt', false],
      ['INBOX/*', 'INBOX/new.txt', true],
      ['INBOX/*', 'INBOX/up/keep.txt', false],
      ['INBOX/*', 'INBOX/up/new/new.txt', false],
      ['INBOX/*', 'INBOX/up/../note.txt', false],
      ['INBOX/up/*', 'INBOX/up/keep.txt', true],
      ['https://a.example/docs/*', 'https://a.example/docs/x?y=1', true],
      ['https://a.example/docs/*', 'https://a.example/docs/../keys', false],
      ['https://*.example/*', 'https://evil.test/x.example/', false],
      ['https://a.example*', 'https://a.example@evil.test/', false],
      ['https://a.example', 'https://a.example/', true],
      ['Fix*', 'Fix and/or check', true],
      ['1*', 15, true],
      ['docs/*', ['docs/a', 'docs/b'], true],
      ['docs/*', ['docs/a', '/etc/passwd'], false],
      ['docs/*', [['docs/a'], ['/etc/passwd']], false],
      ['docs/*', [], false],
      ['1*', [1, 'rm -rf'], false],
      ['*object*', { a: 1 }, false],
      ['*', { a: 1 }, true],
    ] as const)('%s and %j', async (pattern, value, approves) => {
      const root = realpathSync(makeFolder({ 'inbox/note.txt': 'x', 'keep.txt': 'x' }))
      const inbox = join(root, 'inbox')
      symlinkSync(root, join(inbox, 'up'))
      const input = JSON.parse(JSON.stringify({ path: value }).replaceAll('INBOX', inbox))
      expect(
        await decide(`fs__write:path=${pattern.replace('INBOX', inbox)}`, request(input, 'fs__write')),
      ).toBe(approves ? 'approved' : 'denied')
    })
  })

  it.each(['', ' ', 'file_ticket:', 'file_ticket:severity', 'file_ticket:=x', 'a b', 'x;y'])(
    '%j is none',
    (pattern) => {
      expect(() => approveMatching([pattern], denyAll)).toThrow(UsageError)
    },
  )
})
