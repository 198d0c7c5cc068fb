import { expect, inject, it } from 'vitest'
import { environment, run } from '../packed/generated.ts'
import { nodeDirectory } from './nodes.ts'

it.each([16, 18])(
  'says in one sentence that Node %i is too old, before it parses anything else',
  async (major) => {
    const env = environment(await nodeDirectory(major))
    const { code, stdout, stderr } = await run(
      'node',
      [inject('bin'), 'nonsense', '--json'],
      inject('home'),
      env,
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(`^ai-eng-starter needs Node\\.js 20\\.19 or newer; this is ${major}\\..*\\n$`),
    )
  },
)
