import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, inject, it } from 'vitest'
import { loadPack } from '../../src/io/packs.ts'
import { mustRun } from '../packed/generated.ts'
import { catalogue, packs } from '../packed/templates.ts'

const root = dirname(dirname(inject('bin')))
/** The integrity hash of a tarball made now. */
async function pack(): Promise<string> {
  const destination = mkdtempSync(join(inject('home'), 'again-'))
  const [{ integrity }] = JSON.parse(
    await mustRun('npm', ['pack', '--json', '--silent', '--pack-destination', destination], process.cwd()),
  )
  return integrity
}

const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

describe('the packed package', () => {
  it('is the same to the byte when it is packed again', async () => {
    const [first, second] = [await pack(), await pack()]
    expect(second).toBe(first)
  })

  it('has no dependency, and installs as one package', () => {
    const { dependencies, optionalDependencies, peerDependencies, scripts } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    )
    expect([dependencies, optionalDependencies, peerDependencies]).toEqual([undefined, undefined, undefined])
    expect(Object.keys(scripts).filter((name) => /install$/.test(name))).toEqual([])
    expect(readdirSync(dirname(root)).filter((name) => !name.startsWith('.'))).toEqual(['ai-eng-starter'])
  })

  it('is at most 1.9 MB unpacked', () => {
    const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
    console.log(`unpacked: ${(bytes / 1e6).toFixed(2)} MB in ${files.length} files`)
    expect(bytes).toBeLessThanOrEqual(1_900_000)
  })

  it('holds every file of every layer and template, and the licences of what is bundled', () => {
    const shipped = readdirSync(join(root, 'dist/packs'))
    expect(shipped.sort()).toEqual([...packs.keys()].map((owner) => `${owner}.pack`).sort())
    for (const [owner, pack] of packs) {
      expect(loadPack(join(root, 'dist'), owner)).toEqual(pack)
    }
    const licences = readFileSync(join(root, 'dist/LICENSES.txt'), 'utf8')
    expect(licences).toMatch(/commander .*MIT[\s\S]*execa .*MIT/)
    // A package without a licence file gets the text that its package.json names.
    expect(licences).toMatch(
      /@bomb\.sh\/tab .*MIT[\s\S]{0,60}Copyright \(c\) Bombshell[\s\S]{0,80}Permission is hereby granted/,
    )
  })

  it('names no machine, no registry and no folder of ours', () => {
    const bytesOf = (path: string) =>
      path.endsWith('.pack') ? brotliDecompressSync(readFileSync(path)) : readFileSync(path)
    const text = files.map((entry) => bytesOf(join(entry.parentPath, entry.name)).toString('utf8')).join('\n')
    expect(text).not.toMatch(/registry\.npmjs|"resolved":|\/work\/main|(?<!\/proc\/self)\/root\//)
  })

  it('knows every template', async () => {
    const { result } = JSON.parse(await mustRun('node', [inject('bin'), 'list', '--json'], root))
    const listed = result.milestones.flatMap(({ templates }: { templates: { id: string }[] }) =>
      templates.map(({ id }) => id),
    )
    expect(listed.sort()).toEqual(catalogue.templates.map(({ manifest }) => manifest.id).sort())
  })
})
