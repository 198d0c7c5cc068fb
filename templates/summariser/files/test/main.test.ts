import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { setUpProgram, until } from '#kit/testing/program'

const { directory, start, scripted } = setUpProgram()
const TEXT =
  'At 14:02 the payment host pay-3 ran out of disk. Checkout failed for 38 minutes. A log that nobody rotated had filled it.\n'
const incident = join(directory, 'incident.md')
beforeAll(() => writeFileSync(incident, TEXT))

describe('npm start', { timeout: 20_000 }, () => {
  it('summarises a file and standard input alike; only the summary is on standard output', async () => {
    const file = await start([incident]).done
    const piped = await start([], {}, TEXT).done
    expect(file).toMatchObject({ code: 0, stdout: expect.stringMatching(/pay-3.*\n$/) })
    expect(piped.stdout).toBe(file.stdout)
    expect(file.stderr).toMatch(/heuristic[\s\S]*tokens[\s\S]*first token/)
  })

  it('shows the first token before the model has sent its last', async () => {
    const server = await scripted({ answer: () => ['First ', 'and ', 'last.'], delayMs: 300 })
    const { output, done } = start([incident], server.env)
    await until(() => output.stdout !== '')
    expect(output.stdout).toBe('First ')
    expect(server.counts.finished).toBe(0)
    expect(await done).toMatchObject({ code: 0, stdout: 'First and last.\n' })
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops the model on %s and reports what was used', async (signal, exitCode) => {
    const server = await scripted({
      answer: () => Array.from({ length: 200 }, (_, i) => `word${i} `),
      delayMs: 50,
    })
    const { child, output, done } = start([incident], server.env)
    await until(() => output.stdout.includes('word1'))
    child.kill(signal)
    const { code, stderr } = await done
    await until(() => server.counts.left === 1)
    expect(code).toBe(exitCode)
    expect(server.counts.finished).toBe(0)
    expect(stderr).toMatch(/tokens: .*\d+ in/)
  })
})
