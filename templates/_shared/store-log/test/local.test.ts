import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openLocal } from '#kit/store/local-database'
import { openLogStore } from '#kit/store/log-store'
import type { Store } from '#kit/store/store'
import type { VectorDatabase } from '#kit/store/vector-database'
import { describeStore } from '../../store/test/contract.ts'
import { EMBEDDING } from '../../store/test/samples.ts'
import { describeLog } from './log-contract.ts'

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
