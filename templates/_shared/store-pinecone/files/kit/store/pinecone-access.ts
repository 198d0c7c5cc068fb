import { type IndexPlace, StoreError } from '#kit/store/store'

/** What it takes to reach an index. */
export interface PineconeAccess {
  apiKey: string
  /** Name of the index; its host is asked for. */
  index: string
  /** Instead: spares the question. */
  host: string | undefined
  namespace: string
  /** Who is asked for the host; undefined: api.pinecone.io. */
  controller?: string
  /** For one request. */
  timeoutMs?: number
}

/** From PINECONE_API_KEY, PINECONE_INDEX or PINECONE_HOST, PINECONE_NAMESPACE and PINECONE_CONTROLLER_HOST. Undefined without a key. Throws a `StoreError` for half of it. */
export function readAccess(env: IndexPlace['env']): PineconeAccess | undefined {
  const read = (name: string) => env[name]?.trim() || undefined
  const apiKey = read('PINECONE_API_KEY')
  if (apiKey === undefined) return undefined
  const [index, host] = [read('PINECONE_INDEX'), read('PINECONE_HOST')]
  if (index === undefined && host === undefined)
    throw new StoreError(
      'PINECONE_API_KEY is set, and PINECONE_INDEX is not',
      'Name an index that exists: PINECONE_INDEX=docs. Without a key the index is in a file.',
    )
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new StoreError(
      'PINECONE_API_KEY has characters in it that no key has',
      'Copy it again from app.pinecone.io.',
    )
  const controller = read('PINECONE_CONTROLLER_HOST')
  if (host !== undefined) checkHost('PINECONE_HOST', host)
  if (controller !== undefined) checkHost('PINECONE_CONTROLLER_HOST', controller)
  const namespace = read('PINECONE_NAMESPACE') ?? 'rag-bot'
  return { apiKey, index: index ?? '', host, namespace, ...(controller && { controller }) }
}

/** The key goes to this host with every request. */
function checkHost(variable: string, host: string): void {
  const url = /^https?:\/\//.test(host) ? host : `https://${host}`
  if (URL.canParse(url)) {
    const { protocol, hostname, username } = new URL(url)
    const isHere = /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(hostname)
    if (username === '' && (protocol === 'https:' || isHere)) return
  }
  throw new StoreError(
    `${variable} is not an https address`,
    'Copy the host of the index from app.pinecone.io, or leave it out and name PINECONE_INDEX.',
  )
}
