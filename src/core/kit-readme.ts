import type { Layer } from './catalogue.ts'

export const KIT_README = 'kit/README.md'

/** Folders of `kit/` that belong to no single layer. */
const OWN_FOLDERS: Record<string, string> = {
  offline: 'The answers without a key: rules that quote, rank and route. They are not a language model',
  program: 'AI_PROVIDER=command: a program on this machine as the model',
  servers: 'What model servers do differently, met in one place before the SDK reads their answers',
  testing: 'For tests: scripted model servers on 127.0.0.1, and the built program as its users start it',
}

interface Kit {
  files: readonly KitFile[]
  layers: readonly Layer[]
  /** Summaries of the folders that the template itself adds. */
  own: Record<string, string>
  version: string
}

interface KitFile {
  path: string
  from: readonly string[]
}

/**
 * `kit/README.md` of a project: where `kit/` comes from, what you may do with it, and one line for each
 * folder. Undefined without a kit. Throws an Error for a folder that no layer describes.
 */
export function writeKitReadme({ files, layers, own, version }: Kit): string | undefined {
  const folders = new Map<string, KitFile>()
  for (const file of files) {
    const folder = /^kit\/([^/]+)\//.exec(file.path)?.[1]
    if (folder !== undefined && !folders.has(folder)) folders.set(folder, file)
  }
  if (folders.size === 0) return undefined
  const lines = [...folders].map(
    ([folder, file]) => `- \`${folder}/\` ${findSummary(folder, file, { layers, own })}.`,
  )
  return `${OPENING.replace('VERSION', version)}\n${lines.join('\n')}\n`
}

const OPENING = `# kit

The plumbing around \`src/\`, which is yours, from ai-eng-starter VERSION. It is plain source: read it, step through it, edit it. A
planned command, \`ai-eng-starter update\`, will replace the files here that you have not edited and merge those that you have. The
tests of these files are in the repository of ai-eng-starter.
`

function findSummary(folder: string, file: KitFile, { layers, own }: Pick<Kit, 'layers' | 'own'>): string {
  const known = own[folder] ?? OWN_FOLDERS[folder]
  if (known !== undefined) return known
  const layer = layers.find(({ id }) => id === folder) ?? layers.find(({ id }) => file.from.includes(id))
  if (!layer) throw new Error(`kit/${folder}/ belongs to no layer`)
  return layer.summary
}
