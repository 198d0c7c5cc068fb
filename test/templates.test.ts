import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scanTemplates } from '../build/scan.ts'
import { findLock, listLockedChoices, resolveLayers } from '../src/core/catalogue.ts'
import { nameLockFile } from '../src/core/package-json.ts'
import { planProject } from '../src/core/plan.ts'
import { collectSources, type Source } from '../src/core/sources.ts'
import { hashSha256 } from '../src/io/hash.ts'

interface Lock {
  packages: Record<
    string,
    { version?: string; integrity?: string; hasInstallScript?: boolean; os?: string[] }
  >
}

const { catalogue, packs } = scanTemplates('templates', '0.0.0')
const packOf = (owner: string) => packs.get(owner) ?? new Map()

function textOf(source: Source | undefined): string {
  return source?.kind === 'bytes' ? source.content.toString('utf8') : ''
}

const ours: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const locked = catalogue.templates.flatMap((template) =>
  listLockedChoices(template.manifest).map((choices) => ({ id: template.manifest.id, template, choices })),
)

describe.each(locked)('the lock file of $id with $choices', ({ template, choices }) => {
  const lock: Lock = JSON.parse(
    textOf(packOf(template.manifest.id).get(findLock(template.manifest, choices))),
  )

  it('holds the versions that the template is type-checked and tested against here', () => {
    const direct = template.dependencies.filter((name) => lock.packages[`node_modules/${name}`])
    expect(direct.length).toBeGreaterThan(3)
    const versions = (from: Lock) =>
      Object.fromEntries(direct.map((name) => [name, from.packages[`node_modules/${name}`]?.version]))
    expect(versions(lock)).toEqual(versions(ours))
  })

  it('brings no package with an install script, and an integrity hash for every one', () => {
    const { '': _root, ...packages } = lock.packages
    for (const [path, { integrity, hasInstallScript }] of Object.entries(packages)) {
      expect({ path, integrity: integrity?.slice(0, 7), hasInstallScript }).toEqual({
        path,
        integrity: 'sha512-',
        hasInstallScript: undefined,
      })
    }
  })

  it('gets the project’s name in both places and nowhere else', () => {
    const text = textOf(packOf(template.manifest.id).get(findLock(template.manifest, choices)))
    const wanted = JSON.parse(text)
    wanted.name = '@me/x'
    wanted.packages[''].name = '@me/x'
    const named = nameLockFile(text, { packageName: '@me/x', directoryName: 'x' })
    expect(named).toBe(`${JSON.stringify(wanted, null, 2)}\n`)
  })

  it('agrees with the package.json that goes with it', () => {
    const layers = resolveLayers(catalogue.layers, template.manifest, choices)
    const sources = collectSources(template.manifest, choices, layers, packOf)
    const answers = { name: { packageName: 'x', directoryName: 'x' }, description: 'x', choices }
    const plan = planProject({ template, version: '0.0.0', layers, sources, answers, hash: hashSha256 })
    const { dependencies, devDependencies } = JSON.parse(
      String(plan.find(({ path }) => path === 'package.json')?.content),
    )
    expect(lock.packages['']).toMatchObject({ dependencies, devDependencies })
  })
})

describe.each(catalogue.templates.map(({ manifest }) => manifest))(
  'the first command after $id',
  ({ id, next }) => {
    it('is the one that its README begins with', () => {
      const parts = [...packOf(id)].filter(([path]) => path.startsWith('parts/README.md/')).sort()
      const readme = parts.map(([, source]) => textOf(source)).join('\n')
      const [, block = ''] = /```\n(npm install\n[\s\S]*?)```/.exec(readme) ?? []
      expect(next[0]).toBe(block.split('\n')[1])
    })
  },
)
