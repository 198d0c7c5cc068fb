import { expect, it } from 'vitest'
import { setUpProgram } from '#kit/testing/program'
import { notesFolder, SAMPLE } from './notes-folder.ts'

const program = setUpProgram()

it('prints what a search finds', { timeout: 30_000 }, async () => {
  const search = ['search', '--notes', notesFolder(SAMPLE), 'how', 'do', 'I', 'roll', 'back?']
  expect(await program.start(search).done).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('deploy.md > Deploying > Rolling back\nRolling back takes two minutes.'),
  })
})

it('refuses to serve other machines without asking for a token', { timeout: 30_000 }, async () => {
  const serve = ['serve', '--notes', notesFolder(SAMPLE)]
  expect(await program.start(serve, { HOST: '0.0.0.0' }).done).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('would not ask who they are'),
  })
})
