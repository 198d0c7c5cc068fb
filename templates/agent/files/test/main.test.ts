import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { setUpProgram, until } from '#kit/testing/program'
import { FILES, listTickets } from './agent.ts'

const { directory, start } = setUpProgram()
const data = join(directory, '.data')
const GOAL = `- Count the errors in the logs.
- File a ticket with the title "{top error}", service "api", severity sev3 and summary "{errors} since {first error}."`
const ARGS = ['run', '--in', 'mine', '--job', 'goal.md']

beforeAll(() => {
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(join(directory, 'mine', name, '..'), { recursive: true })
    writeFileSync(join(directory, 'mine', name), content)
  }
  writeFileSync(join(directory, 'goal.md'), GOAL)
})

describe('the program', { timeout: 60_000 }, () => {
  it('does a job on your folder, says that it is not a model, and files nothing without approval', async () => {
    const { code, stdout, stderr } = await start(ARGS).done
    expect(code).toBe(0)
    expect(stdout).toContain('errors 2 of 3 lines')
    expect(stdout).toContain('not a language model')
    expect(stderr).toContain('denied by default')
    expect(listTickets(data)).toEqual([])
  })

  it('stopped by a budget prints why and what to do, and exits with 1', async () => {
    const { code, stderr } = await start([...ARGS, '--max-steps', '1']).done
    expect(code).toBe(1)
    expect(stderr).toMatch(/Error: stopped by steps: 1 steps; allowed: 1\nnpm run resume -- .*--max-steps/)
  })

  it('killed while it works resumes, and files one ticket', async () => {
    const { child, output, done } = start([...ARGS, '--approve', 'file_ticket'])
    // The approval is on the disk; the ticket may or may not be.
    await until(() => output.stderr.includes('approved by'))
    child.kill('SIGKILL')
    await done
    const [, run = ''] = /run (\S+)/.exec(output.stderr) ?? []
    const { stdout, stderr } = await start(['resume', run, '--approve', 'file_ticket']).done
    expect(stderr).toContain('resumes')
    expect(stdout).toMatch(/filed T-/)
    // A kill may leave a draft that never got its name.
    expect(listTickets(data).filter((name) => name.endsWith('.json'))).toHaveLength(1)
  })
})
