import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openLocal } from '../../src/store/local-database.ts'
import { openLogStore } from '../../src/store/log-store.ts'
import type { Store } from '../../src/store/store.ts'
import type { VectorDatabase } from '../../src/store/vector-database.ts'
import { describeStore } from './contract.ts'
import { describeLog } from './log-contract.ts'
import { EMBEDDING } from './samples.ts'

const base = mkdtempSync(join(tmpdir(), 'store-'))
const opened: VectorDatabase[] = []
afterAll(async () => {
  for (const database of opened) await database.close()
  rmSync(base, { recursive: true, force: true })
})
const newDirectory = () => join(mkdtempSync(join(base, 'index-')), 'index')

async function newStore(directory?: string): Promise<Store> {
  const database = await openLocal(directory)
  opened.push(database)
  return openLogStore(database, { embedding: EMBEDDING })
}

describeStore('the store in memory', () => newStore())
describeStore('the store in a file', () => newStore(newDirectory()))
describeLog('the log in a file', () => {
  const directory = newDirectory()
  return { connect: () => openLocal(directory) }
})
