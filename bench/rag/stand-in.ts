import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const SOURCE = 'templates/_shared/store-pinecone/test/stand-in.ts'
/** Of the vectors that are made without a key. */
const DIMENSIONS = 1_024

/** The stand-in for Pinecone of the store's tests, in this process. */
export async function startStandIn(home: string): Promise<{ url: string; close: () => void }> {
  const file = join(home, 'stand-in.mjs')
  const build = await rolldown({ input: SOURCE, platform: 'node' })
  await build.write({ file, format: 'esm' })
  await build.close()
  const { pineconeStandIn } = (await import(file)) as {
    pineconeStandIn: (dimension: number) => { listener: RequestListener }
  }
  const server = createServer(pineconeStandIn(DIMENSIONS).listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
