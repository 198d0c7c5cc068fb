import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, it, onTestFinished } from 'vitest'
import { toAnswered } from '#kit/evals/attempts'
import { suite } from '../../../evals/suite.ts'

it('reads the notes before the first answer is timed', async () => {
  const [root, before] = [await mkdtemp(join(tmpdir(), 'prepared-')), process.cwd()]
  onTestFinished(async () => {
    process.chdir(before)
    await rm(root, { recursive: true })
  })
  const { signal } = new AbortController()
  await mkdir(join(root, 'notes-sample'))
  await writeFile(join(root, 'notes-sample/house.md'), '# House\n\nThe boiler was last serviced on 12 May.\n')
  process.chdir(root)
  await suite.prepare?.(signal)
  await rm(join(root, 'notes-sample'), { recursive: true })
  const testCase = suite.schema.parse({
    ...{ id: 'boiler', question: 'When was the boiler last serviced?' },
    ...{ facts: [['12 May']], cites: ['house.md'] },
  })
  const { output } = toAnswered(await suite.answer(testCase, await suite.open(), signal, 0))
  expect(output).toContain('12 May')
})
