import { expect, it } from 'vitest'
import { runProgram } from '../../src/io/run-program.ts'
import { temporaryDirectory } from '../temporary.ts'

const run = (script: string, timeout = 0) => {
  const { signal } = new AbortController()
  return runProgram('sh', ['-c', script], { directory: temporaryDirectory(), signal, timeout })
}

it('ends with the program, although a daemon keeps its output open', async () => {
  const start = Date.now()
  const result = await run('echo done; setsid sleep 30 & exit 0')
  expect(result).toMatchObject({ ok: true, output: 'done' })
  expect(Date.now() - start).toBeLessThan(20_000)
})

it('ends at the timeout, although a daemon keeps the output open', async () => {
  const start = Date.now()
  expect(await run('setsid sleep 30 & sleep 30', 500)).toMatchObject({
    ok: false,
    reason: 'took longer than 1 s',
  })
  expect(Date.now() - start).toBeLessThan(20_000)
})

it('keeps the exit code and what was printed, however much that is', async () => {
  const { ok, reason, output } = await run('seq 1 20000; exit 3')
  expect({ ok, reason }).toEqual({ ok: false, reason: 'exited with 3' })
  expect(output.split('\n')).toHaveLength(20_000)
})
