import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import {
  type Choices,
  findLock,
  listLockedChoices,
  resolveLayers,
  type Template,
} from '../src/core/catalogue.ts'
import { planProject } from '../src/core/plan.ts'
import { collectSources } from '../src/core/sources.ts'
import { hashSha256 } from '../src/io/hash.ts'
import { scanTemplates } from './scan.ts'

/**
 * `npm run templates:lock [-- TEMPLATE...]`: resolves each template's dependencies into `locks/<value>.json`.
 * Keeps locked versions that are still in range; `--update` ignores them.
 */
const templates = join(process.cwd(), 'templates')
const wanted = process.argv.slice(2).filter((argument) => argument !== '--update')
const update = process.argv.includes('--update')
const { catalogue, packs } = scanTemplates(templates, '0.0.0')

for (const template of catalogue.templates) {
  if (wanted.length > 0 && !wanted.includes(template.manifest.id)) continue
  for (const choices of listLockedChoices(template.manifest)) await makeLock(template, choices)
}

async function makeLock(template: Template, choices: Choices): Promise<void> {
  const { id } = template.manifest
  const lock = join(templates, id, findLock(template.manifest, choices))
  const directory = await mkdtemp(join(tmpdir(), 'ai-eng-lock-'))
  try {
    await writeFile(join(directory, 'package.json'), planPackageJson(template, choices))
    const old = update ? undefined : await readFile(lock, 'utf8').catch(() => undefined)
    if (old) await writeFile(join(directory, 'package-lock.json'), old)
    const flags = [
      '--package-lock-only',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--omit-lockfile-registry-resolved',
    ]
    await execa('npm', ['install', ...flags], { cwd: directory, stdio: 'inherit' })
    await mkdir(join(templates, id, 'locks'), { recursive: true })
    await writeFile(lock, checkLock(await readFile(join(directory, 'package-lock.json'), 'utf8'), id))
  } finally {
    await rm(directory, { recursive: true })
  }
}

function planPackageJson(template: Template, choices: Choices): Buffer {
  const { id } = template.manifest
  const layers = resolveLayers(catalogue.layers, template.manifest, choices)
  const sources = collectSources(template.manifest, choices, layers, (owner) => packs.get(owner) ?? new Map())
  const unlocked = sources.filter(({ path }) => !path.startsWith('locks/'))
  const answers = {
    name: { packageName: id, directoryName: id },
    description: template.manifest.summary,
    choices,
  }
  const files = planProject({
    hash: hashSha256,
    template,
    version: '0.0.0',
    layers,
    sources: unlocked,
    answers,
  })
  const file = files.find(({ path }) => path === 'package.json')
  if (!file) throw new Error(`${id} has no package.json`)
  return file.content
}

/**
 * Checks that every package has an integrity hash, and removes the addresses of the registry that packages
 * came from.
 */
function checkLock(text: string, id: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, { integrity?: string; resolved?: string }> }
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path !== '' && !entry.integrity) throw new Error(`${id}: ${path} has no integrity hash`)
    delete entry.resolved
  }
  return `${JSON.stringify(lock, null, 2)}\n`
}
