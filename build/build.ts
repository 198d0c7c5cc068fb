import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bakeTemplates } from './bake.ts'
import { bundle } from './bundle.ts'
import { collectLicences } from './licences.ts'

/** Builds everything in `dist/`. Run it from the package's root. `--smallest`: as published. */
const root = process.cwd()
const dist = join(root, 'dist')
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }

await rm(dist, { recursive: true, force: true })
await mkdir(dist)
const quality = process.argv.includes('--smallest') ? 11 : 9
await bakeTemplates({ templates: join(root, 'templates'), dist, version, quality })
const modules = await bundle({ entry: join(root, 'src/cli/main.ts'), dist })
await writeFile(join(dist, 'LICENSES.txt'), await collectLicences(modules))
