import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The licence texts of all packages that the bundled modules come from. Throws an Error for a package without
 * one.
 */
export async function collectLicences(modules: readonly string[]): Promise<string> {
  const folders = [...new Set(modules.flatMap(findPackageFolder))].sort()
  const texts = await Promise.all(folders.map(readLicence))
  return `Packages that are bundled into this one, and their licences.\n\n${texts.join(`\n${'-'.repeat(100)}\n\n`)}`
}

function findPackageFolder(modulePath: string): string[] {
  const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(modulePath)?.[0]
  return folder ? [folder] : []
}

async function readLicence(folder: string): Promise<string> {
  const { name, version, license, author } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Record<string, string>
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file ? await readFile(join(folder, file), 'utf8') : await writeMit(license, author)
  if (text === undefined) throw new Error(`${name} is bundled but ships no licence file`)
  return `${name} ${version} (${license})\n\n${text.trim()}\n`
}

/** The text of the MIT licence for a package that only names it; undefined for another licence. */
async function writeMit(license = '', author = ''): Promise<string | undefined> {
  if (license !== 'MIT' || author === '') return undefined
  const own = await readFile('LICENSE', 'utf8')
  return own.replace(/^Copyright \(c\) .*$/m, `Copyright (c) ${author}`)
}
