import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Choices, resolveLayers, type Template } from '../src/core/catalogue.ts'
import { planProject } from '../src/core/plan.ts'
import { collectSources, type SourceFile } from '../src/core/sources.ts'
import { hashSha256 } from '../src/io/hash.ts'
import { readPack, type Scan, scanTemplates } from './scan.ts'

export interface LaidOut {
  /** The template's id, and the option value when it is not the default one. */
  label: string
  template: Template
  directory: string
}

/**
 * Lays out every template of a `templates/` folder below `out`, as its users get it: once with all defaults
 * and once for each other option value. `link`: a verbatim copy becomes a symbolic link to its source, so
 * that edits reach the source, and the layers' own tests are added in `layers/`.
 */
export function layOut(templates: string, out: string, { link }: { link: boolean }): LaidOut[] {
  const scan = scanTemplates(templates, '0.0.0')
  return scan.catalogue.templates.flatMap((template) =>
    listVariants(template).map(({ label, choices }) => {
      const directory = join(out, label)
      writeLayout({ scan, template, choices, directory, ...(link && { linkTo: templates }) })
      return { label, template, directory }
    }),
  )
}

function listVariants({ manifest }: Template): { label: string; choices: Choices }[] {
  const defaults = Object.fromEntries(
    Object.entries(manifest.options).map(([id, option]) => [id, option.default]),
  )
  const others = Object.entries(manifest.options).flatMap(([id, option]) =>
    Object.keys(option.values)
      .filter((value) => value !== option.default)
      .map((value) => ({ label: `${manifest.id}-${value}`, choices: { ...defaults, [id]: value } })),
  )
  return [{ label: manifest.id, choices: defaults }, ...others]
}

const LAYERS_CONFIG = JSON.stringify({
  extends: './tsconfig.json',
  include: ['src', 'evals', 'test', 'kit', 'layers', 'vitest.config.ts'],
})

interface Layout {
  scan: Scan
  template: Template
  choices: Choices
  directory: string
  linkTo?: string
}

function writeLayout({ scan, template, choices, directory, linkTo }: Layout): void {
  const { id, summary } = template.manifest
  const layers = resolveLayers(scan.catalogue.layers, template.manifest, choices)
  const packOf = (owner: string) => scan.packs.get(owner) ?? new Map()
  const tests =
    linkTo === undefined
      ? []
      : [...layers.map((layer) => `_shared/${layer.id}`), id].flatMap((folder) =>
          listLayerTests(linkTo, folder),
        )
  const sources = [...collectSources(template.manifest, choices, layers, packOf), ...tests]
  const answers = { name: { packageName: id, directoryName: id }, description: summary, choices }
  const files = planProject({
    hash: hashSha256,
    template,
    version: '0.0.0',
    layers,
    sources,
    answers,
  })
  for (const { path, content, copyOf } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    if (copyOf && linkTo !== undefined) symlinkSync(findSourcePath(linkTo, copyOf, id), join(directory, path))
    else writeFileSync(join(directory, path), content)
  }
  if (linkTo !== undefined) writeFileSync(join(directory, 'tsconfig.layers.json'), LAYERS_CONFIG)
}

/**
 * The tests of a layer or template that stay in this repository, as files `layers/<id>/test/…` of a project.
 * The project keeps the files of `kit/` that they test.
 */
function listLayerTests(templates: string, folder: string): SourceFile[] {
  const owner = basename(folder)
  return [...readPack(join(templates, folder), ['test'])].map(([path, source]) => ({
    owner,
    path: `files/layers/${owner}/${path}`,
    source,
  }))
}

function findSourcePath(templates: string, { owner, path }: SourceFile, id: string): string {
  const test = `files/layers/${owner}/`
  const folder = join(templates, owner === id ? id : `_shared/${owner}`)
  return join(folder, path.startsWith(test) ? path.slice(test.length) : path)
}
