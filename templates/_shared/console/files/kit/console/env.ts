import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ConfigError } from './errors.ts'

export type Env = Record<string, string | undefined>

/**
 * Reads the variables of `<directory>/.env` and overrides them with `env`. An empty string in `env` overrides
 * too, and counts as unset. A missing file is fine. Throws `ConfigError` if the file can't be read.
 */
export function loadEnv(directory: string, env: Env): Env {
  const isSet = ([, value]: [string, string | undefined]) => value !== undefined
  return {
    ...parseEnv(readEnvFile(join(directory, '.env'))),
    ...Object.fromEntries(Object.entries(env).filter(isSet)),
  }
}

function readEnvFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    if (code === 'ENOENT') return ''
    throw new ConfigError(`${path} cannot be read (${code})`, 'Make it a readable text file, or remove it.')
  }
}
