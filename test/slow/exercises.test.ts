import { beforeAll, describe, expect, it } from 'vitest'
import { readTakenOut } from '../../src/core/exercises/baked.ts'
import { hasSameCode } from '../../src/core/exercises/same-code.ts'
import type { Exercise } from '../../src/core/exercises/schema.ts'
import { mergeTexts } from '../../src/io/build/git-files.ts'
import {
  CHEATS,
  type FileResult,
  readProjectFile,
  runVitest,
  scan,
  typecheckProject,
  withFiles,
  workshops,
  writeCheats,
  writeProject,
} from '../exercises.ts'

const options = { directory: process.cwd(), signal: new AbortController().signal }

describe.each(workshops)('exercises of $id', { timeout: 240_000 }, (workshop) => {
  const { id, exercises } = workshop
  const pack = scan.packs.get(id) ?? new Map()
  let directory = ''

  const takeOutOf = ({ id: exercise, takes }: Exercise) =>
    Object.fromEntries(takes.map(({ file }) => [file, readTakenOut(pack, exercise, file)]))

  beforeAll(() => {
    directory = writeProject(workshop)
  })

  it('all pass with the code of the template', () => {
    expect(listRed(runVitest(directory, []))).toEqual([])
  })

  it('are at least four', () => {
    expect(exercises.length).toBeGreaterThanOrEqual(4)
  })

  describe.each(exercises)('$id', (exercise) => {
    it('fails exactly its tests, and type-checks, once the code is out', () => {
      const { types, results } = withFiles(directory, takeOutOf(exercise), () => ({
        types: typecheckProject(directory),
        results: runVitest(directory, []),
      }))
      expect(types).toBe('')
      const own = results.find(({ file }) => file === exercise.test)
      expect(own?.tests.filter(({ status }) => status !== 'failed')).toEqual([])
      expect(own?.tests.length).toBeGreaterThanOrEqual(3)
      const elsewhere = new Set(listRed(results).filter((file) => file !== exercise.test))
      expect([...elsewhere].sort()).toEqual([...exercise.others].sort())
    })

    it(`fails with a body that cheats: ${CHEATS.join(', ')}`, () => {
      const results = withFiles(directory, writeCheats(exercise, directory), () =>
        runVitest(directory, ['--config', 'vitest.cheats.config.ts', exercise.test]),
      )
      expect(results.map(({ status }) => status)).toEqual(CHEATS.map(() => 'failed'))
    })

    it("knows the template's code under other names", () => {
      for (const { file, references } of exercise.takes) {
        const text = readProjectFile(directory, file)
        for (const reference of references) {
          expect(hasSameCode(text, reference)).toBe(true)
          expect(hasSameCode(renameLocals(text, reference), reference)).toBe(true)
        }
        const out = readTakenOut(pack, exercise.id, file)
        expect(references.some((reference) => hasSameCode(out, reference))).toBe(false)
      }
    })
  })

  it.each(pairUp(exercises))('%s and %s can be built one after the other in one file', async (...pair) => {
    const [first, second] = pair.map((name) => exercises.find((exercise) => exercise.id === name))
    if (!first || !second) throw new Error('a pair names an exercise that does not exist')
    for (const [built, next] of [
      [first, second],
      [second, first],
    ] as const) {
      for (const { file, functions } of built.takes) {
        if (!next.takes.some((take) => take.file === file)) continue
        const base = readProjectFile(directory, file)
        const mine = base.replace(readTail(base, functions[0] ?? ''), '$&\n  // mine')
        const merged = await mergeTexts(
          { ours: mine, base, theirs: readTakenOut(pack, next.id, file) },
          options,
        )
        expect(merged).toContain('// mine')
        expect(merged).toContain('yours to write')
      }
    }
  })
})

/** Files with a test that fails, or that do not load. */
function listRed(results: readonly FileResult[]): string[] {
  return results
    .filter(({ status, tests }) => status === 'failed' || tests.some((test) => test.status === 'failed'))
    .map(({ file }) => file)
}

/** Ids of exercises that share a file. */
function pairUp(exercises: readonly Exercise[]): [string, string][] {
  return exercises.flatMap((first, index) =>
    exercises
      .slice(index + 1)
      .filter((second) => second.takes.some(({ file }) => first.takes.some((take) => take.file === file)))
      .map((second): [string, string] => [first.id, second.id]),
  )
}

/** The line that opens a function's body. */
function readTail(text: string, name: string): RegExp {
  if (!text.includes(`function ${name}`) && !text.includes(`function* ${name}`)) throw new Error(`no ${name}`)
  return new RegExp(`function\\*? ${name}\\b[\\s\\S]*?\\{\\n`)
}

/** Renames local constants of the reference in the text; not those that are also written `{ name }`. */
function renameLocals(text: string, reference: string): string {
  const names = [...reference.matchAll(/\b(?:const|let) (\w+)\b/g)].map((match) => match[1] ?? '')
  const plain = names.filter((name) => !new RegExp(`[{,]\\s*${name}\\s*[,}=:]`).test(text))
  return [...new Set(plain)].reduce(
    (changed, name) =>
      changed.replaceAll(new RegExp(`(?<!(?<!\\.\\.)\\.|[\\w'"-])${name}(?![\\w'"-])`, 'g'), `${name}Mine`),
    text,
  )
}
