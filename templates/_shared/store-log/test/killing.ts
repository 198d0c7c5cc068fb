import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '#kit/store/open'
import type { IndexPlace } from '#kit/store/store'
import { root, until } from '#kit/testing/program'
import { EMBEDDING, idsOf, PATIENT, sample, vectorOf } from '../../store/test/samples.ts'

/**
 * Runs `code` in another process that has the index open. There, `change(n)` writes version n of three
 * documents, and `say` prints a value.
 */
export function otherProcess(
  place: IndexPlace,
  code: string,
): { child: ChildProcess; output: { text: string } } {
  const script = `
    const { openStore } = await import(${JSON.stringify(join(root, 'dist/kit/store/open.js'))})
    const place = ${JSON.stringify(place)}
    const store = await openStore({ ...place, embedding: ${JSON.stringify(EMBEDDING)} })
    const document = (name, n) => {
      const chunk = (ordinal) => ({
        id: name + n + ordinal, document: name, title: name, headings: [], text: 'version ' + n, tokens: 2, ordinal,
        terms: new Map([['version', 1], ['n' + n, 1]]), length: 2, embedding: [1, n, 1, 1, 1, 1, 1, 1],
      })
      return { document: { name, title: name, hash: 'h' + n, metadata: { n } }, chunks: [0, 1, 2].map(chunk) }
    }
    const change = (n) => store.replaceDocuments(['a.md', 'b.md', 'c.md'].map((name) => document(name, n)))
    const say = (value) => console.log(JSON.stringify(value))
    ${code}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output.text += text
    })
  return { child, output }
}

/** Kills a process with `kill -9` while it replaces documents, several times. Needs the built program. */
export function describeKills(name: string, place: () => IndexPlace, kills = 6): void {
  describe(name, PATIENT, () => {
    it('has one whole version of all documents after every kill', async () => {
      let version = 0
      for (let round = 0; round < kills; round++) {
        const { child, output } = otherProcess(
          place(),
          `for (let n = ${version + 1}; ; n++) { await change(n); say(n) }`,
        )
        await until(() => output.text.includes('\n'))
        await new Promise((resolve) => setTimeout(resolve, 17 * round))
        child.kill('SIGKILL')
        await once(child, 'close')
        const said = Number(output.text.trim().split('\n').at(-1))
        version = await wholeVersion(place())
        expect(version).toBeGreaterThanOrEqual(said)
      }
    })

    it('has nothing left of them after the next change', async () => {
      const store = await openStore({ ...place(), embedding: EMBEDDING })
      await store.replaceDocuments([sample('last.md', ['other words'])])
      await store.optimise()
      expect((await store.nearest(vectorOf(['other']), { limit: 1_000 })).length).toBe(10)
      await store.close()
    })
  })
}

/** The version that words, vectors, documents and statistics agree on. */
async function wholeVersion(place: IndexPlace): Promise<number> {
  const store = await openStore({ ...place, embedding: EMBEDDING })
  try {
    const documents = [...(await store.documents()).values()]
    const version = Number(documents[0]?.metadata['n'])
    expect(documents.map(({ hash }) => hash)).toEqual(Array(3).fill(`h${version}`))
    const filter = { metadata: { n: version } }
    const wanted = ['a.md', 'b.md', 'c.md'].flatMap((name) =>
      [0, 1, 2].map((place) => `${name}${version}${place}`),
    )
    expect(idsOf(await store.lexical(['version'], { limit: 100 })).sort()).toEqual(wanted)
    expect(idsOf(await store.nearest(vectorOf([]), { limit: 100 })).sort()).toEqual(wanted)
    expect(idsOf(await store.nearest(vectorOf([]), { limit: 100, filter })).sort()).toEqual(wanted)
    expect((await store.statistics([`n${version}`])).frequencies.get(`n${version}`)).toBe(9)
    return version
  } finally {
    await store.close()
  }
}
