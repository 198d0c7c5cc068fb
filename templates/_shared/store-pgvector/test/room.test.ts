import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { refuseFullDisk } from '#kit/store/room'
import { StoreError } from '#kit/store/store'

it('refuses a disk that is nearly full, and says how full', async () => {
  const nearlyFull = async () => 20 * 1024 * 1024 + 1
  const refused = refuseFullDisk('/', 'PGlite in .data/index', nearlyFull)
  await expect(refused).rejects.toThrow(StoreError)
  await expect(refused).rejects.toThrow('PGlite in .data/index has 20 MiB of disk left and needs 128')
})

it('looks at the disk that the path is on', async () => {
  await refuseFullDisk(tmpdir(), 'PGlite')
})
