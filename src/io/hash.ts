import { createHash } from 'node:crypto'

/** Hex. */
export function hashSha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
