import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openLocal } from '../../src/store/local-database.ts'
import { openLogStore } from '../../src/store/log-store.ts'
import { describeStore } from './contract.ts'
import { describeLog } from './log-contract.ts'
import { EMBEDDING } from './samples.ts'

const base = mkdtempSync(join(tmpdir(), 'store-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
const newDirectory = () => join(mkdtempSync(join(base, 'index-')), 'index')

describeStore('the store in memory', async () =>
  openLogStore(await openLocal(undefined), { embedding: EMBEDDING }),
)
describeStore('the store in a file', async () =>
  openLogStore(await openLocal(newDirectory()), { embedding: EMBEDDING }),
)

describeLog('the log in a file', () => {
  const directory = newDirectory()
  return { connect: () => openLocal(directory) }
})
