import { type IndexPlace, StoreError } from '#kit/store/store'

/** What is needed to reach an index. */
export interface PineconeAccess {
  apiKey: string
  /** Name of the index, to look up its host. */
  index: string
  /** Host of the index, which saves the lookup. */
  host: string | undefined
  namespace: string
  /** Server that looks up the host; undefined: api.pinecone.io. */
  controller?: string
  /** For one request; 30 s by default. */
  timeoutMs?: number
}

/**
 * Reads PINECONE_API_KEY, PINECONE_INDEX or PINECONE_HOST, PINECONE_NAMESPACE and PINECONE_CONTROLLER_HOST.
 * undefined without a key. Throws a StoreError if the settings are incomplete or invalid.
 */
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

/** Every request sends the key to this host. */
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
