import type { IncomingMessage, RequestListener } from 'node:http'
import { passes, Refusal } from './stand-in-filter.ts'

/**
 * A stand-in for Pinecone that keeps and ranks what it is given, for tests of our adapter: it has the paths
 * that the adapter uses, with the limits that Pinecone documents. It says nothing about the speed of the real
 * service, and shows a write at once, where the real one may take seconds.
 */
export interface StandIn {
  listener: RequestListener
  /** Every request: method and path. */
  requests: string[]
  /** Sizes and hosts of indexes by name, as the control plane reports them. */
  indexes: Map<string, { dimension: number; host: string }>
}

type Metric = 'cosine' | 'euclidean'

interface Stored {
  id: string
  values: number[]
  metadata: Record<string, unknown>
}

type Namespace = Map<string, Stored>
type Body = Record<string, unknown>

const KEY = 'scripted-key'
const MAX_REQUEST = 2 * 1024 * 1024
const MAX_METADATA = 40 * 1024
const MAX_VECTORS = 1_000

export function pineconeStandIn(dimension: number, metric: Metric = 'cosine'): StandIn {
  const namespaces = new Map<string, Namespace>()
  const standIn: StandIn = { requests: [], indexes: new Map(), listener }
  return standIn

  function listener(...[request, response]: Parameters<RequestListener>): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    standIn.requests.push(`${request.method} ${url.pathname}`)
    answer(request, url)
      .then((body) => ({ status: 200, body }))
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error
        return { status: error.status, body: { code: error.status, message: error.message } }
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
  }

  async function answer(request: IncomingMessage, url: URL): Promise<unknown> {
    if (request.headers['api-key'] !== KEY)
      throw new Refusal(401, `Invalid API Key ${request.headers['api-key']}`)
    const body = request.method === 'POST' ? await bodyOf(request) : {}
    const name = String(url.searchParams.get('namespace') ?? body['namespace'] ?? '')
    const index = /^\/indexes\/(.+)$/.exec(url.pathname)?.[1]
    if (index !== undefined) return describeIndex(standIn, index)
    switch (url.pathname) {
      case '/describe_index_stats':
        return { dimension, namespaces: {}, indexFullness: 0, totalVectorCount: 0 }
      case '/vectors/upsert':
        return upsert(made(namespaces, name), body, dimension)
      case '/vectors/fetch':
        return fetchFrom(namespaces.get(name), url.searchParams.getAll('ids'))
      case '/vectors/list':
        return list(namespaces.get(name), url.searchParams)
      case '/vectors/delete':
        return remove(namespaces, name, body)
      case '/query':
        return query(namespaces.get(name), body, dimension, metric)
      default:
        throw new Refusal(404, `no ${url.pathname}`)
    }
  }
}

function describeIndex({ indexes }: StandIn, name: string): object {
  const index = indexes.get(name)
  if (!index) throw new Refusal(404, `Resource ${name} not found`)
  const spec = { serverless: { cloud: 'aws', region: 'us-east-1' } }
  const status = { ready: true, state: 'Ready' }
  return {
    name,
    ...index,
    metric: 'cosine',
    vector_type: 'dense',
    deletion_protection: 'disabled',
    spec,
    status,
  }
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const content = Buffer.concat(chunks)
  if (content.length > MAX_REQUEST) throw new Refusal(400, 'message length too large: the limit is 2 MB')
  return JSON.parse(content.toString('utf8')) as Body
}

function made(namespaces: Map<string, Namespace>, name: string): Namespace {
  const namespace = namespaces.get(name) ?? new Map()
  namespaces.set(name, namespace)
  return namespace
}

function upsert(namespace: Namespace, { vectors }: Body, dimension: number): object {
  const given = vectors as Stored[]
  if (given.length > MAX_VECTORS) throw new Refusal(400, `more than ${MAX_VECTORS} vectors`)
  for (const vector of given) check(vector, dimension)
  for (const { id, values, metadata = {} } of given) namespace.set(id, { id, values, metadata })
  return { upsertedCount: given.length }
}

function check({ id, values, metadata = {} }: Stored, dimension: number): void {
  if (values.length !== dimension)
    throw new Refusal(
      400,
      `Vector dimension ${values.length} does not match the dimension of the index ${dimension}`,
    )
  if (values.every((value) => value === 0))
    throw new Refusal(400, 'Dense vectors must contain at least one non-zero value')
  if (!/^[\x20-\x7e]{1,512}$/.test(id))
    throw new Refusal(400, `Vector ID ${id} must be ASCII of at most 512 characters`)
  const size = Buffer.byteLength(JSON.stringify(metadata))
  if (size > MAX_METADATA)
    throw new Refusal(400, `Metadata size is ${size} bytes, which exceeds the limit of ${MAX_METADATA}`)
  for (const [key, value] of Object.entries(metadata))
    if (!isValue(value) || key.startsWith('$'))
      throw new Refusal(400, `Metadata ${key} is of a type that is not kept`)
}

function isValue(value: unknown): boolean {
  const isText = (one: unknown) => typeof one === 'string'
  return (
    isText(value) ||
    ['number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every(isText))
  )
}

function existing(namespace: Namespace | undefined): Namespace {
  if (!namespace) throw new Refusal(404, 'Namespace not found')
  return namespace
}

function fetchFrom(namespace: Namespace | undefined, ids: readonly string[]): object {
  if (ids.length > MAX_VECTORS) throw new Refusal(400, 'too many ids')
  const found = ids.flatMap((id) => namespace?.get(id) ?? [])
  return { vectors: Object.fromEntries(found.map((vector) => [vector.id, vector])) }
}

/** Returns ids in pages of at most 100. */
function list(namespace: Namespace | undefined, parameters: URLSearchParams): object {
  const prefix = parameters.get('prefix') ?? ''
  const limit = Number(parameters.get('limit') ?? 100)
  if (limit > 100) throw new Refusal(400, 'limit is at most 100')
  const after = parameters.get('paginationToken') ?? ''
  const ids = [...existing(namespace).keys()].filter((id) => id.startsWith(prefix) && id > after).sort()
  const page = ids.slice(0, limit)
  return {
    vectors: page.map((id) => ({ id })),
    ...(ids.length > limit && { pagination: { next: page.at(-1) } }),
  }
}

function remove(namespaces: Map<string, Namespace>, name: string, { ids, deleteAll }: Body): object {
  const namespace = existing(namespaces.get(name))
  if (deleteAll === true) namespaces.delete(name)
  const given = (ids ?? []) as string[]
  if (given.length > MAX_VECTORS) throw new Refusal(400, 'too many ids')
  for (const id of given) namespace.delete(id)
  return {}
}

function query(
  namespace: Namespace | undefined,
  { vector, topK, filter }: Body,
  dimension: number,
  metric: Metric,
): object {
  const asked = vector as number[]
  if (asked.length !== dimension) throw new Refusal(400, 'Query vector dimension does not match')
  if (Number(topK) > 10_000) throw new Refusal(400, 'topK is at most 10000')
  const matches = [...(namespace?.values() ?? [])]
    .filter(({ metadata }) => passes(metadata, (filter ?? {}) as Body))
    .map(({ id, values }) => ({ id, score: Math.fround(cosine(asked, values)), values: [] }))
    .sort((a, b) => b.score - a.score)
    .map((match) => (metric === 'cosine' ? match : { ...match, score: 2 - 2 * match.score }))
  return { matches: matches.slice(0, Number(topK)) }
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0)
  return product / (Math.hypot(...a) * Math.hypot(...b))
}
