import { openMemoryStore } from '#kit/store/memory'
import { describeStore } from './contract.ts'
import { EMBEDDING } from './samples.ts'

describeStore('in memory', async () => openMemoryStore(EMBEDDING))
