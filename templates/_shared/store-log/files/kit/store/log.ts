import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddingIdentity, StoreError } from '#kit/store/store'
import { Contents } from './contents.ts'
import { createNextHead, type Head, isHead, readHead, type SegmentName, writeHead } from './head.ts'
import { encodeParts, readSegment, type Segment, toPartKey, toStored } from './segment.ts'
import { splitSlices, type VectorDatabase } from './vector-database.ts'

/** Chunks per segment in a rewrite. */
const REWRITTEN = 1_000
/** With this many segments, a commit first rewrites them into fewer: the head must name all in one text. */
const MAX_SEGMENTS = 400
/** Milliseconds before each read, until a service shows a write. Most take no time, Pinecone seconds. */
const SETTLED_AFTER_MS = [0, 50, 100, 250, 500, 1_000, 2_000, 4_000]

/** The segments that a head names, read into memory. All segments are added here, by one writer at a time. */
export class Log {
  contents = new Contents()
  #head: Head | undefined
  readonly #database: VectorDatabase
  readonly #embedding: EmbeddingIdentity

  constructor(database: VectorDatabase, embedding: EmbeddingIdentity) {
    this.#database = database
    this.#embedding = embedding
  }

  /**
   * Reads what was committed since. Ignores an older or missing head, which a service may show for a while.
   * Throws a StoreError if segments that the head names stay missing.
   */
  async refresh(): Promise<void> {
    for (const ms of SETTLED_AFTER_MS) {
      await sleep(ms)
      const head = await readHead(this.#database, this.#embedding)
      if (head === undefined || head.version <= (this.#head?.version ?? 0)) return
      const known = this.#head?.segments ?? []
      const isLonger = known.every(({ id }, place) => head.segments[place]?.id === id)
      const segments = await this.#read(isLonger ? head.segments.slice(known.length) : head.segments)
      // A part is missing: a newer head replaced it, or the service does not show it yet.
      if (segments === undefined) continue
      const contents = isLonger ? this.contents : new Contents()
      for (const segment of segments) contents.apply(segment)
      this.contents = contents
      this.#head = head
      return
    }
    throw new StoreError(
      `The index in ${this.#database.name} is not whole: parts that it names are missing`,
      'Try again in a minute; if it fails again, rebuild the index: npm run ingest -- --rebuild DOCS',
    )
  }

  /**
   * Adds a segment: first its parts, then the head that names them. It counts from that moment. Its vectors
   * must be stored already. Throws a StoreError if another process commits at the same time.
   */
  async commit(id: string, segment: Segment): Promise<void> {
    if ((this.#head?.segments.length ?? 0) >= MAX_SEGMENTS) await this.rewrite()
    const stored = toStored(segment)
    const name = await this.#write(id, stored)
    await this.#commitHead([...(this.#head?.segments ?? []), name])
    this.contents.apply(stored)
  }

  /** True if a rewrite is worth it: many small segments, or mostly replaced contents. */
  get isUntidy(): boolean {
    const wanted = Math.ceil(this.contents.words.size / REWRITTEN)
    return this.contents.isMostlyPast || (this.#head?.segments.length ?? 0) > 2 * wanted + 16
  }

  /** Rewrites everything into as few segments as it needs. Vectors are not rewritten. */
  async rewrite(): Promise<void> {
    const names: SegmentName[] = []
    for (const segment of this.contents.rewritten(REWRITTEN))
      names.push(await this.#write(createSegmentId(), segment))
    await this.#commitHead(names)
    this.contents.wereRewritten()
  }

  /** Removes what the head does not name: leftovers of replaced documents, rewrites and killed runs. */
  async removeLeftovers(): Promise<void> {
    const named = new Set(this.#head?.segments.flatMap(listPartKeys))
    const texts = (await this.#database.textKeys()).filter((key) => !isHead(key) && !named.has(key))
    if (texts.length > 0) await this.#database.removeTexts(texts)
    const vectors = (await this.#database.vectorKeys()).filter((key) => !this.contents.entryOf(key))
    if (vectors.length > 0) await this.#database.removeVectors(vectors)
  }

  async #write(id: string, segment: Segment): Promise<SegmentName> {
    const parts = await encodeParts(id, segment, this.#database.textLimit)
    await this.#database.putTexts(parts)
    return { id, parts: parts.size }
  }

  async #commitHead(segments: SegmentName[]): Promise<void> {
    const head = createNextHead(this.#head, { by: createSegmentId(), embedding: this.#embedding, segments })
    await writeHead(this.#database, head)
    await this.#waitFor(head)
    this.#head = head
  }

  /**
   * Waits until the service returns the new head, so that the next reader sees it. A different head there
   * comes from another process.
   */
  async #waitFor({ by, version }: Head): Promise<void> {
    for (const ms of SETTLED_AFTER_MS) {
      await sleep(ms)
      const shown = await readHead(this.#database, this.#embedding)
      if (shown?.by === by) return
      if (shown !== undefined && shown.version >= version) break
    }
    throw new StoreError(
      `Another process changed the index in ${this.#database.name} at the same time`,
      'Run one ingest at a time; the same command goes on from here.',
    )
  }

  /** undefined: a part is missing. */
  async #read(names: readonly SegmentName[]): Promise<Segment[] | undefined> {
    const segments: Segment[] = []
    for (const slice of splitSlices(names, 16)) {
      const texts = await this.#database.texts(slice.flatMap(listPartKeys))
      for (const name of slice) {
        const parts = listPartKeys(name).flatMap((key) => texts.get(key) ?? [])
        if (parts.length < name.parts) return undefined
        segments.push(await readSegment(parts, this.#database.name))
      }
    }
    return segments
  }
}

/** Ids are never reused, so leftovers of a killed or lost call can't be mistaken for anything else. */
export function createSegmentId(): string {
  return randomBytes(8).toString('hex')
}

function listPartKeys({ id, parts }: SegmentName): string[] {
  return Array.from({ length: parts }, (_, number) => toPartKey(id, number))
}
