import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { type Digest, FILES, type PlannedPortfolioFile, type Present } from '../../core/portfolio/files.ts'
import { hashSha256 } from '../hash.ts'
import { replaceFile } from '../state/atomic.ts'

export const digest: Digest = {
  hex: (text) => hashSha256(Buffer.from(text)),
  base64: (text) => Buffer.from(hashSha256(Buffer.from(text)), 'hex').toString('base64'),
}

/**
 * Reads the existing files of a portfolio. Throws a UserError for one that is a link or a directory, because
 * writing would follow it.
 */
export function readPresent(directory: string): Present {
  return {
    [FILES.text]: readOptionalText(directory, FILES.text),
    [FILES.data]: readOptionalText(directory, FILES.data),
    [FILES.page]: readOptionalText(directory, FILES.page),
  }
}

function readOptionalText(directory: string, name: string): string | null {
  try {
    if (lstatSync(directory).isSymbolicLink()) throw explainRefusal('portfolio')
    if (!lstatSync(join(directory, name)).isFile()) throw explainRefusal(`portfolio/${name}`)
    return readFileSync(join(directory, name), 'utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new UserError(`portfolio/${name} cannot be read (${code})`, 'Fix that, then run it again')
  }
}

function explainRefusal(path: string): UserError {
  return new UserError(`${path} is a link or not a file`, 'Move it away: the portfolio needs this path')
}

/** Writes new and changed files, each atomically. */
export async function writePortfolio(
  directory: string,
  files: readonly PlannedPortfolioFile[],
): Promise<void> {
  for (const { name, content, change } of files)
    if (change === 'new' || change === 'written') await replaceFile(join(directory, name), content)
}
